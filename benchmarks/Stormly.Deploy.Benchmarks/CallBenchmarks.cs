using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Benchmarks;

/// <summary>
/// One request through <see cref="IPluginClient"/> and the whole data plane, to one of four instances: body, choice of an instance, call, check of the answer, release.
/// "No network" answers from memory, which shows what the library itself costs; beside it a draft that does the JSON with document models and calls one instance
/// straight, without routing, limits and metrics. "Loopback" takes a connection of its own for each call, beside the framework's HTTP client alone doing that; its
/// figures include the answering side, which is in this process too.
/// </summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class CallBenchmarks : IDisposable
{
    private const string NoNetwork = "no network";
    private const string OverLoopback = "loopback";

    private static readonly PluginName Plugin = PluginName.Parse("churn");

    private static readonly IOptions<RoutingOptions> Routing = Options.Create(new RoutingOptions());

    private readonly TinyServer _server = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.Zero });
    private readonly InstanceCaller _caller = new(Routing, TimeProvider.System);
    private readonly InstantCaller _instantCaller = new();
    private readonly RoutingMetrics _metrics = new(new Meters());
    private readonly RouteTable _table = new();
    private readonly Router _router;
    private readonly PluginClient _instant;
    private readonly PluginClient _loopback;
    private readonly InstanceAddress _address;

    public CallBenchmarks()
    {
        _address = new InstanceAddress("127.0.0.1", _server.Port);
        var endpoint = new PluginEndpoint("/predict", Samples.Contract(fill: false), new RevisionId(new string('0', 64)));
        var targets = Enumerable.Range(0, 4).Select(_ => new RouteTarget(InstanceId.New(Plugin), new RevisionId(new string('0', 64)), _address, endpoint));
        _table.Publish(new PluginRoute { Plugin = Plugin, Targets = [.. targets], Endpoint = endpoint, Availability = RouteAvailability.Serving });
        _router = new Router(_table, Routing, TimeProvider.System, _metrics, Chance.Shared);
        _instant = MakeClient(_instantCaller);
        _loopback = MakeClient(_caller);
    }

    [Benchmark(Baseline = true, Description = "draft: JsonNode, one instance")]
    [BenchmarkCategory(NoNetwork)]
    public async Task<int> Draft()
    {
        var body = (JsonObject)JsonNode.Parse(Samples.RequestBody)!;
        body["props"]!["now"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var answer = await _instantCaller.PostAsync(_address, "/predict", Encoding.UTF8.GetBytes(body.ToJsonString()), default, CancellationToken.None);
        using var document = JsonDocument.Parse(answer.Body);
        return (int)document.RootElement.ValueKind;
    }

    [Benchmark(Description = "IPluginClient")]
    [BenchmarkCategory(NoNetwork)]
    public Task<int> Instant() => SendAsync(_instant);

    [Benchmark(Description = "of it: acquire + release")]
    [BenchmarkCategory(NoNetwork)]
    public async Task<bool> Acquire()
    {
        var acquired = await _router.AcquireAsync(Plugin, [], null, CancellationToken.None);
        acquired.Lease!.Dispose();
        return true;
    }

    [Benchmark(Baseline = true, Description = "HttpClient alone")]
    [BenchmarkCategory(OverLoopback)]
    public async Task<int> HttpAlone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{_server.Port}/predict")) { Content = new ReadOnlyMemoryContent(Samples.RequestBody) };
        using var response = await _http.SendAsync(request, CancellationToken.None);
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    [Benchmark(Description = "IPluginClient")]
    [BenchmarkCategory(OverLoopback)]
    public Task<int> Loopback() => SendAsync(_loopback);

    [GlobalCleanup]
    public void Dispose()
    {
        _http.Dispose();
        _caller.Dispose();
        _server.Dispose();
        GC.SuppressFinalize(this);
    }

    private static async Task<int> SendAsync(PluginClient client)
    {
        using var response = await client.SendAsync("churn", Samples.RequestBody);
        return response.Outcome == PluginOutcome.Ok ? response.Body.Length : throw new InvalidOperationException(response.Problem!.Detail);
    }

    private PluginClient MakeClient(IInstanceCaller caller) => new(
        _table, _router, caller, Routing, Options.Create(new RequestOptions()), TimeProvider.System, _metrics, NullLogger<PluginClient>.Instance);

    private sealed class InstantCaller : IInstanceCaller
    {
        public ValueTask<CallOutcome> PostAsync(InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
        {
            var rented = ArrayPool<byte>.Shared.Rent(Samples.ResponseBody.Length);
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
