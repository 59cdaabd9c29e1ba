using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>A backend that cannot end an instance: its handle is given back all the same, and nobody waits for ever.</summary>
public sealed class StuckStopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_Fails_IsToldAndTheInstanceIsDisposedOf()
    {
        await using var bench = new DeploymentBench();
        var host = Run(bench);
        await bench.DeployAsync(bench.Source(1, instances: 2));

        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 1, Token));
        await bench.UntilAsync(() => host.Disposed > 0, "the disposal");

        Assert.Contains(bench.Snapshot.Decisions, d => d.What.EndsWith("could not be ended completely", StringComparison.Ordinal) && d.Why == "it is stuck");
        Assert.Equal(1, bench.Snapshot.ReadyInstances);
        Assert.Equal(1, host.Disposed);
    }

    [Fact]
    public async Task Stop_AndDisposalFail_BothAreTold()
    {
        await using var bench = new DeploymentBench();
        Run(bench).Disposal = static () => Task.FromException(new PluginDeploymentException("it is stuck still"));
        await bench.DeployAsync(bench.Source(1, instances: 2));

        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 1, Token));

        await bench.UntilAsync(() => bench.Snapshot.Decisions.Any(d => d.What.StartsWith("leave what is left of", StringComparison.Ordinal)), "the word about the disposal");
        Assert.Equal("it is stuck still", bench.Snapshot.Decisions.Single(d => d.What.StartsWith("leave what is left of", StringComparison.Ordinal)).Why);
    }

    /// <summary>What the backend tries beyond the stop is the backend's own affair.</summary>
    [Fact]
    public async Task Remove_DisposalDoesNotEnd_EndsAllTheSame()
    {
        await using var bench = new DeploymentBench();
        var host = Run(bench);
        var never = new TaskCompletionSource();
        host.Disposal = () => never.Task;
        await bench.DeployAsync(bench.Source());

        Assert.True(await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", Token)));

        Assert.Null(bench.Deployments.Get("churn"));
        never.SetResult();
    }

    private static StuckHost Run(DeploymentBench bench)
    {
        StuckHost? host = null;
        bench.Run(build: b => b.Services.AddSingleton<IInstanceHost>(host = new StuckHost(bench.Host)));
        return host!;
    }

    /// <summary>Starts instances whose stops fail.</summary>
    private sealed class StuckHost(IInstanceHost inner) : IInstanceHost
    {
        private int _disposed;

        public int Disposed => Volatile.Read(ref _disposed);

        public Func<Task> Disposal { get; set; } = static () => Task.CompletedTask;

        public string Kind => inner.Kind;

        public InstanceHostCapabilities Capabilities => inner.Capabilities;

        public ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken) => inner.CheckPlacementAsync(plan, cancellationToken);

        public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken) => new StuckInstance(this, await inner.StartAsync(spec, cancellationToken));

        public Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken) => inner.RecoverAsync(request, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        public async ValueTask DisposeOneAsync()
        {
            Interlocked.Increment(ref _disposed);
            await Disposal();
        }
    }

    private sealed class StuckInstance(StuckHost host, IInstance inner) : IInstance
    {
        public InstanceId Id => inner.Id;

        public InstanceAddress Address => inner.Address;

        public Task<InstanceExit> Exited => inner.Exited;

        public string ReadOutputTail() => inner.ReadOutputTail();

        public ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken) => inner.CheckListenerAsync(cancellationToken);

        public Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force) => throw new PluginDeploymentException("it is stuck");

        public ValueTask DisposeAsync() => host.DisposeOneAsync();
    }
}
