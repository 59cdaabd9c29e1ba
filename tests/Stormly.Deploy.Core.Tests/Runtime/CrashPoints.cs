using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Simulation;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Kills a host application at one of the points at which it waits for its backend or its store: just before a call is made, or just after it has had its effect
/// and before anybody has seen that.
/// </summary>
/// <param name="bench">The bench; what it has on its disk at that point is what the next run finds.</param>
/// <param name="at">Which point, e.g. "after StopAsync 2", the second end of that call; null for none.</param>
internal sealed class CrashPoints(DeploymentBench bench, string? at)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _seen = [];
    private volatile bool _died;

    /// <summary>The points that there were so far.</summary>
    public ImmutableArray<string> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Whether the host application is dead.</summary>
    public bool Died => _died;

    /// <summary>Where the disk of the moment of death lies.</summary>
    public string Left => bench.State + ".died";

    /// <summary>Lets every call to the backend and the store pass these points.</summary>
    public void Watch(IServiceCollection services)
    {
        services.Decorate<IInstanceHost>((inner, _) => new CrashingHost(inner, this));
        services.Decorate<IDeploymentStore>((inner, _) => new CrashingStore(inner, this));
    }

    /// <summary>While the disk of the moment of death is copied nobody gets past a point, so that nothing on it follows from what is not on it.</summary>
    private void Pass(string what)
    {
        lock (_gate)
        {
            if (_died)
            {
                return;
            }

            _seen.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {_seen.Count(s => s.StartsWith(what, StringComparison.Ordinal)) + 1}"));
            if (_seen[^1] == at)
            {
                _died = true;
                bench.Host.Crash();
                Leave();
            }
        }
    }

    /// <summary>What goes wrong here is an error of the test, and must not look like one of the backend or the store.</summary>
    private void Leave()
    {
        try
        {
            DiskImage.Take(bench.State, Left);
            _left.SetResult();
        }
        catch (Exception error)
        {
            _left.SetException(error);
        }
    }

    /// <summary>Makes the run that died end where nobody looks, and gives the disk of its death to the next.</summary>
    /// <param name="call">The call that it was about: nobody hears its answer, but it must not write any more.</param>
    public async Task BuryAsync(Task call)
    {
        await _left.Task;
        await bench.EndAsync(TimeSpan.FromSeconds(1));
        await bench.UntilAsync(() => call.IsCompleted, "the end of the call that nobody hears of", TimeSpan.FromSeconds(1));
        Directory.Delete(bench.State, recursive: true);
        Directory.Move(Left, bench.State);
    }

    private async Task<T> BetweenAsync<T>(string what, Func<Task<T>> call)
    {
        Pass($"before {what}");
        var result = await call();
        Pass($"after {what}");
        return result;
    }

    private Task<bool> BetweenAsync(string what, Func<Task> call) => BetweenAsync(what, async () =>
    {
        await call();
        return true;
    });

    private sealed class CrashingHost(IInstanceHost inner, CrashPoints points) : IInstanceHost
    {
        public string Kind => inner.Kind;

        public InstanceHostCapabilities Capabilities => inner.Capabilities;

        public async ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken)
            => await points.BetweenAsync("CheckPlacementAsync", () => inner.CheckPlacementAsync(plan, cancellationToken).AsTask());

        public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
            => new CrashingInstance(await points.BetweenAsync("StartAsync", () => inner.StartAsync(spec, cancellationToken)), points);

        public async Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
        {
            var report = await points.BetweenAsync("RecoverAsync", () => inner.RecoverAsync(request, cancellationToken));
            return report with { Adopted = [.. report.Adopted.Select(i => new CrashingInstance(i, points))] };
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class CrashingInstance(IInstance inner, CrashPoints points) : IInstance
    {
        public InstanceId Id => inner.Id;

        public InstanceAddress Address => inner.Address;

        public Task<InstanceExit> Exited => inner.Exited;

        public string ReadOutputTail() => inner.ReadOutputTail();

        public async ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken)
            => await points.BetweenAsync("CheckListenerAsync", () => inner.CheckListenerAsync(cancellationToken).AsTask());

        public Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force) => points.BetweenAsync("StopAsync", () => inner.StopAsync(grace, force));

        public ValueTask LetGoAsync() => inner.LetGoAsync();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class CrashingStore(IDeploymentStore inner, CrashPoints points) : IDeploymentStore
    {
        public Task<StoreContent> OpenAsync(StoreOpening opening, CancellationToken cancellationToken) => points.BetweenAsync("OpenAsync", () => inner.OpenAsync(opening, cancellationToken));

        public Task WriteAsync(PluginName plugin, StoreChange change, CancellationToken cancellationToken) => points.BetweenAsync("WriteAsync", () => inner.WriteAsync(plugin, change, cancellationToken));

        public IAsyncEnumerable<DecisionRecord> ReadDecisionsAsync(PluginName plugin, long after, CancellationToken cancellationToken) => inner.ReadDecisionsAsync(plugin, after, cancellationToken);

        public Task DeleteAsync(PluginName plugin, CancellationToken cancellationToken) => points.BetweenAsync("DeleteAsync", () => inner.DeleteAsync(plugin, cancellationToken));

        public Task CloseAsync() => inner.CloseAsync();
    }
}
