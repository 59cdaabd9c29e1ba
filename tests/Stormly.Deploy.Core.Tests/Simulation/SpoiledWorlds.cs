using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Simulation;

/// <summary>Worlds in which something breaks a promise that the storms hold the library to.</summary>
internal static class SpoiledWorlds
{
    private static readonly Dictionary<string, Action<IServiceCollection>> All = new(StringComparer.Ordinal)
    {
        ["what serves is not stored"] = services => services.Decorate<IDeploymentStore>((store, _) => new ForgetfulStore(store)),
        ["a stop is answered and not done"] = services => services.Decorate<IInstanceHost>((host, _) => new LazyHost(host)),
        ["requests are lost on their way"] = services => services.Decorate<IInstanceCaller>((caller, _) => new LossyCaller(caller)),
        ["an error is logged that should not happen"] = services => services.Decorate<IInstanceHost>((host, provider) =>
        {
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("spoiled").Log(LogLevel.Error, default, "a loop came to an end", null, static (words, _) => words);
            return host;
        }),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static Action<IServiceCollection> Find(string name) => All[name];

    private sealed class ForgetfulStore(IDeploymentStore inner) : IDeploymentStore
    {
        private int _documents;

        public Task<StoreContent> OpenAsync(StoreOpening opening, CancellationToken cancellationToken) => inner.OpenAsync(opening, cancellationToken);

        public Task WriteAsync(PluginName plugin, StoreChange change, CancellationToken cancellationToken)
            => inner.WriteAsync(plugin, !change.Document.IsEmpty && ++_documents > 1 ? change with { Document = default } : change, cancellationToken);

        public IAsyncEnumerable<DecisionRecord> ReadDecisionsAsync(PluginName plugin, long after, CancellationToken cancellationToken) => inner.ReadDecisionsAsync(plugin, after, cancellationToken);

        public Task DeleteAsync(PluginName plugin, CancellationToken cancellationToken) => inner.DeleteAsync(plugin, cancellationToken);

        public Task CloseAsync() => inner.CloseAsync();
    }

    private sealed class LossyCaller(IInstanceCaller inner) : IInstanceCaller
    {
        private int _calls;

        public ValueTask<CallOutcome> PostAsync(InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
            => path == "/predict" && Interlocked.Increment(ref _calls) % 4 == 0
                ? new(CallOutcome.Failed(CallResult.ConnectionLost, "lost"))
                : inner.PostAsync(address, path, body, limits, cancellationToken);
    }

    private sealed class LazyHost(IInstanceHost inner) : IInstanceHost
    {
        private int _stops;

        public string Kind => inner.Kind;

        public InstanceHostCapabilities Capabilities => inner.Capabilities;

        public ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken) => inner.CheckPlacementAsync(plan, cancellationToken);

        public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken) => new LazyInstance(await inner.StartAsync(spec, cancellationToken), this);

        public Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken) => inner.RecoverAsync(request, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private sealed class LazyInstance(IInstance inner, LazyHost host) : IInstance
        {
            private readonly TaskCompletionSource<InstanceExit> _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public InstanceId Id => inner.Id;

            public InstanceAddress Address => inner.Address;

            public Task<InstanceExit> Exited => Task.WhenAny(inner.Exited, _said.Task).Unwrap();

            public string ReadOutputTail() => inner.ReadOutputTail();

            public ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken) => inner.CheckListenerAsync(cancellationToken);

            public async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
            {
                if (Interlocked.Increment(ref host._stops) % 2 != 0)
                {
                    return await inner.StopAsync(grace, force);
                }

                _said.TrySetResult(new InstanceExit { ExitCode = 0, Cause = ExitCause.Stopped, Reason = "was stopped" });
                return await _said.Task;
            }

            public ValueTask LetGoAsync() => inner.LetGoAsync();

            public ValueTask DisposeAsync() => _said.Task.IsCompleted ? ValueTask.CompletedTask : inner.DisposeAsync();
        }
    }
}
