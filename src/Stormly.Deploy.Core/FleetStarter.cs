using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Features;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Logs;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Statistics;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <summary>Opens the state folder and makes the fleet of a host application, from its container.</summary>
internal sealed class FleetStarter(IServiceProvider provider)
{
    private PluginDeploymentOptions? _options;
    private FeatureSources? _features;

    /// <summary>Kept, because deployments still come up while the container is disposed of.</summary>
    public PluginDeploymentOptions Options => _options ??= provider.GetRequiredService<IOptions<PluginDeploymentOptions>>().Value;

    /// <summary>Who but the caller supplies features.</summary>
    public FeatureSources Features => _features ??= provider.GetRequiredService<FeatureSources>();

    public IFolderWatcher Watcher => provider.GetRequiredService<IFolderWatcher>();

    /// <summary>Starts the fleet: nothing of it runs before what an earlier run left behind is taken over or swept.</summary>
    /// <param name="named">The plugins that the host application's own code names: they come back whatever is stored.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The fleet.</returns>
    /// <exception cref="PluginDeploymentException">The state folder or the backend cannot be used.</exception>
    public async Task<DeploymentFleet> StartAsync(IEnumerable<string> named, CancellationToken cancellationToken)
    {
        var host = provider.GetService<IInstanceHost>()
            ?? throw new BackendUnavailableException("No backend was chosen: call UseProcesses() or another backend's method after AddPluginDeployment().");
        RequireAdoption(host);
        ConfiguredSettings.WarnOfUnknown(provider.GetServices<ConfiguredSettings>(), MakeLogger());
        var state = StateFolder.Open(StatePath());
        var force = new CancellationTokenSource();
        try
        {
            var services = MakeServices(host, state, force.Token);

            // Made here, when the backend and all else is there: so the container disposes of it before them.
            provider.GetRequiredService<DeploymentsEnd>();
            return await DeploymentFleet.OpenAsync(state, services, force, named, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            state.Dispose();
            force.Dispose();
            throw;
        }
    }

    private void RequireAdoption(IInstanceHost host)
    {
        if (Options.WhenHostEnds != HostEndAction.EndPlugins && !host.Capabilities.Adoption)
        {
            throw new BackendUnavailableException(
                $"{nameof(PluginDeploymentOptions.WhenHostEnds)} is {Options.WhenHostEnds}, but the backend '{host.Kind}' cannot let instances outlive the host application here. "
                + $"Set it to {HostEndAction.EndPlugins}, or choose a backend that can take instances over.");
        }
    }

    private string StatePath()
    {
        var application = provider.GetService<IHostEnvironment>()?.ApplicationName ?? Assembly.GetEntryAssembly()?.GetName().Name ?? "application";
        return Options.StateFolder is { } path ? Path.GetFullPath(path) : StateFolder.DefaultPath(application);
    }

    private ILogger MakeLogger() => (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("Stormly.Deploy");

    private RuntimeServices MakeServices(IInstanceHost host, StateFolder state, CancellationToken force)
    {
        var examples = MakeExamples(state);
        return new()
        {
            Host = host,
            Caller = provider.GetRequiredService<IInstanceCaller>(),
            Routes = provider.GetRequiredService<RouteTable>(),
            Logs = provider.GetRequiredService<LogKeeper>(),
            Folders = new InstanceFolders(state),
            Revisions = new RevisionStore(state, provider.GetRequiredService<TimeProvider>()),
            History = new RevisionHistory(state),
            Store = provider.GetRequiredService<IDeploymentStore>(),
            Journal = Options.Journal,
            Time = provider.GetRequiredService<TimeProvider>(),
            Logger = MakeLogger(),
            Metrics = provider.GetRequiredService<DeploymentMetrics>(),
            Learning = new FeatureLearning(new StatisticsStore(state), Options.Statistics, provider.GetRequiredService<TimeProvider>(), MakeLogger()),
            Examples = new ExampleRunner(examples),
            FeatureRows = [.. provider.GetServices<IFeatureRows>()],
            WhenHostEnds = Options.WhenHostEnds,
            Limits = Options.Machine,
            Stop = Options.Stop,
            DecisionsKept = Options.DecisionsKept,
            Force = force,
            Recording = Options.Recording,
            Recordings = Path.Combine(state.Path, "recordings"),
            Machine = new MachineSettings
            {
                Start = Options.Start,
                StatusCheck = Options.StatusCheck,
                Outlier = Options.Outlier,
                BackOff = Options.BackOff,
                Rollout = Options.Rollout,
                Scaling = Options.Scaling,
                MaxRequestsPerInstance = Options.Routing.MaxRequestsPerInstance,
                KeepAtStop = Options.WhenHostEnds == HostEndAction.KeepPlugins,
                VerifyExamples = examples.BeforePromotion,
                NewId = provider.GetRequiredService<Chance>().NewInstance,
            },
        };
    }

    private ExampleSpec MakeExamples(StateFolder state) => new()
    {
        Options = Options.Examples,
        Registered = provider.GetServices<PluginRegistration>().Where(r => r.Options.Examples is not null).DistinctBy(r => r.Name).ToDictionary(r => r.Name.Value, r => r.Options.Examples!.Value, StringComparer.Ordinal),
        Caller = provider.GetRequiredService<IInstanceCaller>(),
        Router = provider.GetRequiredService<Router>(),
        Routes = provider.GetRequiredService<RouteTable>(),
        Book = new ExampleBook(new StatisticsStore(state), MakeLogger()),
        Time = provider.GetRequiredService<TimeProvider>(),
        MaxDepth = Options.Requests.MaxDepth,
        MaxResponseBytes = Options.Routing.MaxResponseBytes,
    };
}
