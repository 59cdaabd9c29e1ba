using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Benchmarks;

/// <summary>
/// One request through <see cref="IPluginClient"/> to one of four instances that answer from memory: body, choice of an instance, call, check of the answer, release.
/// Beside it a draft that does the JSON with document models and calls one instance straight, without routing, limits and metrics.
/// </summary>
[MemoryDiagnoser]
public class InProcessCallBenchmarks
{
    private static readonly PluginName Plugin = PluginName.Parse("churn");

    private static readonly RouteTable Table = new();

    private static readonly RoutingMetrics Metrics = new(new OwnMeters());

    private static readonly IOptions<RoutingOptions> Settings = Options.Create(new RoutingOptions());

    private static readonly Router Instances = new(Table, Settings, TimeProvider.System, Metrics);

    private readonly MemoryCaller _caller = new();
    private readonly PluginClient _client;
    private readonly RouteTarget[] _targets;

    public InProcessCallBenchmarks()
    {
        _client = new PluginClient(
            Table, Instances, _caller, Settings, Options.Create(new RequestOptions()), TimeProvider.System, Metrics, NullLogger<PluginClient>.Instance);
        var endpoint = new PluginEndpoint("/predict", Samples.Contract(fill: false));
        var revision = new RevisionId(new string('0', 64));
        _targets = [.. Enumerable.Range(1, 4).Select(i => new RouteTarget(InstanceId.New(Plugin), revision, new InstanceAddress("127.0.0.1", i), endpoint))];
        Table.Publish(new PluginRoute { Plugin = Plugin, Targets = [.. _targets], Endpoint = endpoint, Availability = RouteAvailability.Serving });
    }

    [Benchmark(Baseline = true, Description = "draft: JsonNode, one instance")]
    public async Task<int> Draft()
    {
        var body = (JsonObject)JsonNode.Parse(Samples.RequestBody)!;
        body["props"]!["now"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var answer = await _caller.PostAsync(_targets[0].Address, "/predict", Encoding.UTF8.GetBytes(body.ToJsonString()), default, CancellationToken.None);
        using var document = JsonDocument.Parse(answer.Body);
        return (int)document.RootElement.ValueKind;
    }

    [Benchmark(Description = "SendAsync")]
    public async Task<int> Send()
    {
        using var response = await _client.SendAsync("churn", Samples.RequestBody);
        return response.Outcome == PluginOutcome.Ok ? response.Body.Length : throw new InvalidOperationException(response.Problem!.Detail);
    }

    [Benchmark(Description = "of it: acquire + release")]
    public async Task<bool> Acquire()
    {
        var acquired = await Instances.AcquireAsync(Plugin, [], CancellationToken.None);
        acquired.Lease!.Dispose();
        return true;
    }

    private sealed class MemoryCaller : IInstanceCaller
    {
        public ValueTask<CallOutcome> PostAsync(
            InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
        {
            var rented = ArrayPool<byte>.Shared.Rent(Samples.ResponseBody.Length);
            Samples.ResponseBody.CopyTo(rented, 0);
            return new(CallOutcome.Answered(200, rented, Samples.ResponseBody.Length));
        }
    }

    private sealed class OwnMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
