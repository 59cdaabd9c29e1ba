using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;
using Xunit;

namespace Stormly.Deploy.Testing;

/// <summary>
/// What the library relies on in every backend, as tests. Derive a public class in a test project with <c>xunit.v3</c>, give it your backend, run it:
/// <code>
/// public sealed class MyHostConformance : InstanceHostConformance
/// {
///     protected override IInstanceHost CreateHost(string stateFolder) => new MyHost(new MyHostOptions());
/// }
/// </code>
/// The suite brings a plugin of its own, one Python file that it puts into the instance's work folder: where instances run there must be a shell and
/// Python 3.6 (see <see cref="ConformanceOptions.Python"/>). What the backend says it cannot (<see cref="IInstanceHost.Capabilities"/>) is skipped and
/// reported; everything else must pass. At the end a report says which levels were reached; <c>-trait "Conformance=core"</c> runs one level. The guide for
/// authors is <c>docs/backends.md</c>.
/// </summary>
public abstract partial class InstanceHostConformance : IAsyncLifetime, IClassFixture<ConformanceReport>
{
    private static readonly TimeSpan LongGrace = TimeSpan.FromSeconds(30);

    private readonly Lazy<ConformanceBench> _lazyBench;
    private readonly Lazy<HostApplication> _lazyApplication;
    private string? _skipped;

    /// <summary>Makes the suite.</summary>
    protected InstanceHostConformance()
    {
        _lazyBench = new(() => new ConformanceBench(CreateHost, PluginCommand, Caller, Options, TestContext.Current.CancellationToken));
        _lazyApplication = new(() => Bench.NewApplication());
    }

    /// <summary>
    /// How instances are called. Default null: over TCP, at <see cref="IInstance.Address"/>. Override it where the backend brings an <see cref="IInstanceCaller"/> of its own.
    /// </summary>
    protected virtual IInstanceCaller? Caller => null;

    private ConformanceBench Bench => _lazyBench.Value;

    private HostApplication App => _lazyApplication.Value;

    /// <summary>The suite's settings. Default: <see cref="ConformanceOptions"/> as it is.</summary>
    protected virtual ConformanceOptions Options { get; } = new();

    /// <summary>
    /// Prepares a case. Override it to skip all cases on a machine that cannot run the backend (<c>Assert.Skip("no engine answers")</c>), then call the base.
    /// </summary>
    /// <returns>A task that completes when the case may begin.</returns>
    public virtual ValueTask InitializeAsync()
    {
        Options.Check();
        return ValueTask.CompletedTask;
    }

    /// <summary>Disposes of every host, looks for what was left behind, and notes the outcome for the report.</summary>
    /// <returns>A task that completes when the case is over.</returns>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var report = await TestContext.Current.GetFixture<ConformanceReport>().ConfigureAwait(false);
        report?.Note(TestContext.Current, _skipped);
        if (!_lazyBench.IsValueCreated)
        {
            return;
        }

        using (Bench)
        {
            foreach (var application in Bench.Applications)
            {
                report?.Name(application.Host.Kind);
                await Bench.WithinAsync(
                    application.Host.DisposeAsync().AsTask(), "DisposeAsync of a host ends what it started and never throws, however often it is called.", Guide.Disposal).ConfigureAwait(false);
            }

            foreach (var spec in Bench.Applications.SelectMany(a => a.Specs))
            {
                MustBeGone(spec, "after the disposal of a host nothing lives that it started.", Guide.Disposal);
            }
        }
    }

    /// <summary>Makes a backend for one run of a host application. Called often; each gets what a new process of the host application would have.</summary>
    /// <param name="stateFolder">
    /// The state folder of that host application, absolute. Two with the same folder are two runs of the same application, one after the other; instances have
    /// their folders below <c>instances/</c> in it.
    /// </param>
    /// <returns>A fresh backend. The suite disposes of it.</returns>
    protected abstract IInstanceHost CreateHost(string stateFolder);

    /// <summary>
    /// The shell command line that runs the suite's plugin. Override it where another program than Python speaks its words (<c>Plugin/dummy_plugin.py</c> lists them).
    /// </summary>
    /// <param name="words">Verb and options, e.g. <c>serve --port $PORT</c>.</param>
    /// <returns>The command line, run in the instance's work folder, where <c>dummy_plugin.py</c> lies.</returns>
    protected virtual string PluginCommand(string words) => $"{Options.Python} -S -B dummy_plugin.py {words}";

    /// <summary>
    /// Says from outside whether anything of an instance lives. Default: every process of the plugin shares a lock on its log, which the suite looks at; that sees
    /// local processes and containers of this machine. Override it where instances live on other machines.
    /// </summary>
    /// <param name="spec">What was started.</param>
    /// <returns>Whether a process of it lives.</returns>
    protected virtual bool StillLives(InstanceSpec spec) => LogLock.IsHeld(spec);

    /// <summary>
    /// Starts instances in a host application that then dies without a word, as by <c>kill -9</c>. Default: a host of <see cref="CreateHost"/> in this process that is
    /// let go without being disposed of until the case is over. Override it where the backend can tell that its process still lives: start a program of your own
    /// and kill it.
    /// </summary>
    /// <param name="stateFolder">The state folder of that application.</param>
    /// <param name="specs">What to start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when the application is dead and its instances are on their own.</returns>
    protected virtual async Task StartAndCrashAsync(string stateFolder, IReadOnlyList<InstanceSpec> specs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var crashed = Bench.NewApplication(stateFolder);
        foreach (var spec in specs)
        {
            await crashed.Host.StartAsync(spec, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes sure that <see cref="StillLives"/> sees a running instance; where it does not the case could not fail, and is skipped.</summary>
    private void MustSee(InstanceSpec spec)
        => SkipUnless(StillLives(spec), $"Cannot see from here whether a process of the plugin lives: override {nameof(StillLives)}.");

    private void MustBeGone(InstanceSpec spec, string asked, string readOn)
    {
        if (StillLives(spec))
        {
            throw Breach.Of(asked, $"a process of instance '{spec.Id}' still lives (command: {spec.StartCommand}).", readOn);
        }
    }

    private void MustRunCommands()
        => SkipUnless(App.Host.Capabilities.RunsCommands, $"The backend '{App.Host.Kind}' says that it runs no commands of a shell (Capabilities.RunsCommands).");

    private void SkipUnless(bool condition, string why) => SkipWhen(!condition, why);

    private void SkipWhen(bool condition, string why)
    {
        if (condition)
        {
            _skipped = why;
            Assert.Skip(why);
        }
    }
}
