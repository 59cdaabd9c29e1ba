using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Routing;

/// <summary>A route table with one plugin, a router and a clock that the test owns.</summary>
internal sealed class RoutingWorld : IDisposable
{
    private readonly Meters _meters = new();
    private int _instances;

    public RoutingWorld(Action<RoutingOptions>? configure = null)
    {
        configure?.Invoke(Options);
        Metrics = new RoutingMetrics(_meters);
        Router = new Router(Table, Microsoft.Extensions.Options.Options.Create(Options), Time, Metrics, Chance.Shared);
    }

    public static PluginName Plugin { get; } = PluginName.Parse("churn");

    public static RevisionId Revision { get; } = new(new string('a', 64));

    public static PluginEndpoint Endpoint { get; } = MakeEndpoint("/predict");

    public RoutingOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public RouteTable Table { get; } = new();

    public RoutingMetrics Metrics { get; }

    public Router Router { get; }

    public RouteTarget MakeTarget(int port = 1, PluginEndpoint? endpoint = null)
        => new(new InstanceId($"churn-{++_instances:x8}"), Revision, new InstanceAddress("127.0.0.1", port), endpoint ?? Endpoint);

    /// <summary>An endpoint whose plugin explains a required <c>user_created</c> where it is asked to.</summary>
    public static PluginEndpoint MakeEndpoint(string path, string? requiredInput = null) => new(path, RequestContract.Create(
        new PluginExplanation { Tabs = [new ExplainedTab { Inputs = requiredInput is null ? [] : [new ExplainedInput { Name = requiredInput, Required = true }] }] },
        [],
        new RequestOptions()), Revision);

    public void Publish(RouteAvailability availability, params ImmutableArray<RouteTarget> targets) => Table.Publish(new PluginRoute
    {
        Plugin = Plugin,
        Targets = targets,
        Endpoint = targets.FirstOrDefault()?.Endpoint,
        Availability = availability,
        Reason = availability == RouteAvailability.Unavailable ? "It is broken." : "",
        RetryAfter = availability == RouteAvailability.Unavailable ? TimeSpan.FromSeconds(7) : null,
    });

    public Task<AcquireResult> AskAsync() => AskAsCallerAsync(CancellationToken.None);

    public Task<AcquireResult> AskAsCallerAsync(CancellationToken caller) => Router.AcquireAsync(Plugin, [], null, caller).AsTask();

    public Task<AcquireResult> AskAgainAsync(params ImmutableArray<RouteTarget> tried) => Router.AcquireAsync(Plugin, tried, null, CancellationToken.None).AsTask();

    public InstanceLease Claim()
    {
        var answer = AskAsync();
        Assert.True(answer.IsCompletedSuccessfully);
        return Assert.IsType<InstanceLease>(answer.Result.Lease);
    }

    public IReadOnlyList<RouteSignal> ReadSignals()
    {
        var signals = new List<RouteSignal>();
        while (Table.Signals.TryRead(out var signal))
        {
            signals.Add(signal);
        }

        return signals;
    }

    public void Dispose()
    {
        Router.Dispose();
        _meters.Dispose();
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public void Dispose() => _made.ForEach(m => m.Dispose());
    }
}
