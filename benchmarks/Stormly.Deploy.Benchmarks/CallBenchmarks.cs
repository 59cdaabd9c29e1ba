using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Benchmarks;

/// <summary>
/// One request through the whole data plane: to an instance that answers at once without a network (what the library itself costs), and over loopback with a
/// connection of its own, beside the framework's HTTP client alone doing that. The figures over loopback include the answering side, which is in this process too.
/// </summary>
[MemoryDiagnoser]
public class CallBenchmarks : IDisposable
{
    private readonly TinyServer _server = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.Zero });
    private readonly InstanceCaller _caller = new(Options.Create(new RoutingOptions()), TimeProvider.System);
    private readonly PluginClient _instant;
    private readonly PluginClient _loopback;

    public CallBenchmarks()
    {
        _instant = MakeClient(new InstantCaller());
        _loopback = MakeClient(_caller);
    }

    [Benchmark(Description = "no network")]
    public async Task<int> Instant()
    {
        using var response = await _instant.SendAsync("churn", Samples.RequestBody);
        return response.Body.Length;
    }

    [Benchmark(Baseline = true, Description = "HttpClient alone, loopback")]
    public async Task<int> HttpAlone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{_server.Port}/predict")) { Content = new ReadOnlyMemoryContent(Samples.RequestBody) };
        using var response = await _http.SendAsync(request, CancellationToken.None);
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    [Benchmark(Description = "IPluginClient, loopback")]
    public async Task<int> Loopback()
    {
        using var response = await _loopback.SendAsync("churn", Samples.RequestBody);
        return response.Body.Length;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _http.Dispose();
        _caller.Dispose();
        _server.Dispose();
        GC.SuppressFinalize(this);
    }

    private PluginClient MakeClient(IInstanceCaller caller)
    {
        var table = new RouteTable();
        var plugin = PluginName.Parse("churn");
        var endpoint = new PluginEndpoint("/predict", Samples.Contract(fill: false));
        var targets = Enumerable.Range(0, 3).Select(_ => new RouteTarget(InstanceId.New(plugin), new RevisionId(""), new InstanceAddress("127.0.0.1", _server.Port), endpoint));
        table.Publish(new PluginRoute { Plugin = plugin, Targets = [.. targets], Endpoint = endpoint, Availability = RouteAvailability.Serving });
        var routing = Options.Create(new RoutingOptions());
        var metrics = new RoutingMetrics(new Meters());
        return new PluginClient(
            table, new Router(table, routing, TimeProvider.System, metrics), caller, routing, Options.Create(new RequestOptions()), TimeProvider.System, metrics, NullLogger<PluginClient>.Instance);
    }

    private sealed class InstantCaller : IInstanceCaller
    {
        public ValueTask<CallOutcome> PostAsync(InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
        {
            var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(Samples.ResponseBody.Length);
            Samples.ResponseBody.CopyTo(rented, 0);
            return new(CallOutcome.Answered(200, rented, Samples.ResponseBody.Length));
        }
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }

    /// <summary>Answers every connection once, on a thread of its own.</summary>
    private sealed class TinyServer : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly byte[] _answer = [.. "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n"u8, .. Samples.ResponseBody];

        public TinyServer()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(512);
            new Thread(Serve) { IsBackground = true }.Start();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose() => _listener.Dispose();

        private void Serve()
        {
            var buffer = new byte[8192];
            try
            {
                while (true)
                {
                    using var socket = _listener.Accept();
                    var got = 0;
                    while (!buffer.AsSpan(0, got).EndsWith("}}"u8))
                    {
                        got += socket.Receive(buffer, got, buffer.Length - got, SocketFlags.None);
                    }

                    socket.Send(_answer);
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (SocketException)
            {
                // The measurement is over.
            }
        }
    }
}
