using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Runtime;

/// <summary>Stands before the in-memory backend, and does what a test says whenever a call reaches it.</summary>
internal sealed class HostGate(IInstanceHost inner) : IInstanceHost
{
    private int _questions;

    /// <summary>Before the backend is asked whether it can run something.</summary>
    public Func<CancellationToken, Task> BeforePlacement { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Before it looks for what an earlier run left.</summary>
    public Func<CancellationToken, Task> BeforeRecovery { get; set; } = static _ => Task.CompletedTask;

    /// <summary>When it has taken over and swept what there was, and nobody knows yet.</summary>
    public Func<Task> AfterRecovery { get; set; } = static () => Task.CompletedTask;

    /// <summary>How often the backend was asked whether it can run something.</summary>
    public int Questions => Volatile.Read(ref _questions);

    public string Kind => inner.Kind;

    public InstanceHostCapabilities Capabilities => inner.Capabilities;

    /// <summary>Begins a run of a host application behind a gate.</summary>
    public static HostGate Run(DeploymentBench bench, Action<PluginDeploymentOptions>? configure = null, Action<IPluginDeploymentBuilder>? build = null)
    {
        HostGate? gate = null;
        bench.Run(configure, builder =>
        {
            builder.Services.AddSingleton<IInstanceHost>(gate = new HostGate(bench.Host));
            build?.Invoke(builder);
        });
        return gate!;
    }

    /// <summary>Lets the second question whether the backend can run something fail, which is about what is to come beside what served.</summary>
    /// <param name="error">What it fails with.</param>
    public void FailSecondQuestion(Exception error) => BeforePlacement = _ => Questions == 2 ? Task.FromException(error) : Task.CompletedTask;

    public async ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        await BeforePlacement(cancellationToken);
        return await inner.CheckPlacementAsync(plan, cancellationToken);
    }

    public Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken) => inner.StartAsync(spec, cancellationToken);

    public async Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
    {
        await BeforeRecovery(cancellationToken);
        var report = await inner.RecoverAsync(request, cancellationToken);
        await AfterRecovery();
        return report;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
