using System.Collections.Concurrent;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A backend whose instances are servers within the test: real connections, no processes. Status checks get 200, requests what the test says.</summary>
internal sealed class LoopbackHost : IInstanceHost
{
    private readonly ConcurrentQueue<LoopbackInstance> _started = new();

    public string Kind => "loopback";

    public InstanceHostCapabilities Capabilities { get; } = new();

    public IReadOnlyList<LoopbackInstance> Started => [.. _started];

    /// <summary>What an instance does with a request.</summary>
    public Func<LoopbackInstance, ScriptedServer.Conversation, Task> OnRequest { get; set; } = static (_, c) => c.SendAsync(ScriptedServer.GoodAnswer);

    /// <summary>What comes before a start, for as long as it takes.</summary>
    public Func<CancellationToken, Task> BeforeStart { get; set; } = static _ => Task.CompletedTask;

    public ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken) => new(PlacementAnswer.Unlimited);

    public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        await BeforeStart(cancellationToken);
        var instance = new LoopbackInstance(spec.Id, this);
        _started.Enqueue(instance);
        return instance;
    }

    public Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken) => Task.FromResult(HostRecoveryReport.Empty);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
