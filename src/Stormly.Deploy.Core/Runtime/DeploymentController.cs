using System.Collections.Immutable;
using System.Threading.Channels;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Runs one deployment: a single loop owns all state, reads a bounded inbox, lets <see cref="DeploymentMachine"/> decide, and begins what was decided
/// as background work, whose results come back through the inbox. Nothing ever blocks the loop.
/// </summary>
internal sealed partial class DeploymentController : IAsyncDisposable
{
    private const int InboxCapacity = 1024;

    private readonly Channel<DeploymentEvent> _inbox = Channel.CreateBounded<DeploymentEvent>(new BoundedChannelOptions(InboxCapacity) { SingleReader = true });
    private readonly Dictionary<InstanceId, InstanceRunner> _runners = [];
    private readonly RuntimeServices _services;
    private readonly DeploymentMachine _machine;
    private readonly DeploymentClock _clock;
    private readonly DecisionLog _decisions;
    private readonly BackgroundWork _work;

    /// <summary>Cancelled when everything has ended: what is tried beyond that is waited for no longer.</summary>
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer _timer;
    private readonly Action<DeploymentSnapshot> _publish;
    private readonly RunRecorder? _recorder;
    private readonly Task _loop;
    private DeploymentState _state;
    private DeploymentSnapshot _snapshot;
    private long _version;

    public DeploymentController(PluginName plugin, RuntimeServices services, Action<DeploymentSnapshot> publish, RecalledDeployment recalled)
    {
        Plugin = plugin;
        _services = services;
        _demand = services.Routes.DemandOf(plugin, services.Time);
        _publish = publish;
        _machine = new DeploymentMachine(services.Machine);
        _clock = new DeploymentClock(services.Time);
        _decisions = new DecisionLog(plugin, services.DecisionsKept, recalled.Decisions);
        _work = new BackgroundWork(error => LogBug(_services.Logger, plugin, error));
        _document = recalled.Document;
        _writer = new StateWriter(plugin, services.Store, _work, error => LogTrouble(services.Logger, plugin, "go on without having stored the newest decisions", error.Message), services.Journal.Decisions > 0 ? _decisions.Last : null)
        {
            Durable = recalled.Document,
            OnlyWithDocument = recalled.Refused,
        };
        _timer = services.Time.CreateTimer(_ => _inbox.Writer.TryWrite(new DeploymentEvent.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var (revisions, problem) = services.History.Read(plugin, recalled.Document.Revisions);
        if (problem is not null)
        {
            LogTrouble(services.Logger, plugin, "go on without knowing what became of earlier revisions", problem);
        }

        _state = new DeploymentState { Plugin = plugin, Revisions = revisions, Share = services.Limits.Any ? MachineShare.None : null };
        _snapshot = SnapshotView.Of(_state, _decisions.Newest, 0);
        _recorder = RunRecorder.Begin(
            services.Recordings, () => RecordedBegin.Of(_state, services.Machine, services.Time.GetUtcNow()), services.Recording,
            problem => LogTrouble(services.Logger, plugin, "go on without recording", problem));
        services.Examples?.Spec.Book.Admit(plugin);
        NoteMissing(recalled);
        _loop = Task.Run(RunAsync);
    }

    public PluginName Plugin { get; }

    /// <summary>How the deployment fares, with the requests that each instance answers right now.</summary>
    public DeploymentSnapshot Snapshot
    {
        get
        {
            var snapshot = Volatile.Read(ref _snapshot);
            var targets = _services.Routes.Find(Plugin.Value)?.Targets ?? [];
            return snapshot with
            {
                Demand = _demand.Read().Present,
                Canary = WithSpills(snapshot.Canary),
                Instances = [.. snapshot.Instances.Select(i => targets.FirstOrDefault(t => t.Instance == i.Id) is { } target ? i with { InFlight = target.InFlight } : i)],
            };
        }
    }

    /// <summary>Completes when everything has ended and nothing will be started any more.</summary>
    public Task Over => _loop;

    /// <summary>Tells the controller something that may be lost, because it is repeated.</summary>
    /// <param name="news">The news.</param>
    public bool TryTell(DeploymentEvent news) => _inbox.Writer.TryWrite(news);

    /// <summary>Tells the controller something; waits where the inbox is full, and not at all once everything has ended.</summary>
    /// <param name="news">The news.</param>
    /// <returns>Whether it will be read.</returns>
    public async Task<bool> TellAsync(DeploymentEvent news)
    {
        try
        {
            await _inbox.Writer.WriteAsync(news).ConfigureAwait(false);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await TellAsync(new DeploymentEvent.StopWanted()).ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (_state.Mode != DeploymentMode.Over)
        {
            var news = await _inbox.Reader.ReadAsync().ConfigureAwait(false);
            if (news is DeploymentEvent.Questioned question)
            {
                question.Answer.TrySetResult();
                continue;
            }

            try
            {
                if (news is DeploymentEvent.Renewed renewed)
                {
                    Renew(renewed);
                    continue;
                }

                Step(WithDemand(news));
            }
            catch (Exception error)
            {
                LogBug(_services.Logger, Plugin, error);
            }
        }

        _inbox.Writer.Complete();
        await _over.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _work.WhenIdleAsync().ConfigureAwait(false);
        _over.Dispose();
        RefuseTheRest();
        if (_recorder is not null)
        {
            await _recorder.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Step(DeploymentEvent news)
    {
        var before = _state;
        var now = _clock.Now;
        (_state, var effects) = _machine.Apply(before, news, now);
        _recorder?.Note(RecordedStep.Of(news, now, effects));
        foreach (var decision in effects.OfType<DeploymentEffect.Record>())
        {
            Note(decision, now);
        }

        foreach (var relabel in effects.OfType<DeploymentEffect.Relabel>())
        {
            Relabel(relabel);
        }

        PublishRoute(now.Uptime);
        if (effects.Length > 0 || _state with { Scale = before.Scale } != before)
        {
            var snapshot = SnapshotView.Of(_state, _decisions.Newest, ++_version);
            Volatile.Write(ref _snapshot, snapshot);
            _publish(snapshot);
        }

        foreach (var effect in effects)
        {
            Act(effect);
        }

        _ = _writer.Flush();
        Measure(before);
        ForgetRunners();
        Arm(now.Uptime);
    }

    private void Arm(TimeSpan now)
    {
        _timer.Change(TimerWait.RoundUp(DeploymentMachine.NextWake(_state, now) - now), Timeout.InfiniteTimeSpan);
    }

    private void PublishRoute(TimeSpan now)
    {
        if (_state.Mode is DeploymentMode.Removing or DeploymentMode.Over)
        {
            _services.Routes.Remove(Plugin);
            CloseAllBut([]);
            return;
        }

        var plan = RoutePlan.Of(_state, now);
        foreach (var id in plan.Targets)
        {
            _runners[id].Route(open: true);
        }

        var targets = plan.Targets.Select(id => _runners[id].Target!).ToImmutableArray();
        var old = _services.Routes.Find(Plugin.Value);
        var canary = DivideRoute(plan.Canary, targets, old?.Canary);
        var route = new PluginRoute
        {
            Plugin = Plugin,
            Targets = old is not null && old.Targets.SequenceEqual(targets) ? old.Targets : targets,
            Endpoint = _state.Goal is { } goal ? EndpointOf(canary is { Stable.Length: > 0 } ? canary.Stable : targets, goal.Revision) : null,
            Canary = canary,
            Availability = plan.Availability,
            MaxRequestsPerInstance = _state.Goal?.MaxRequestsPerInstance,
            Reason = plan.Reason,
            RetryAfter = plan.RetryAfter,
        };
        if (route != old)
        {
            _services.Routes.Publish(route);
        }

        CloseAllBut(plan.Targets);
    }

    /// <summary>How requests are checked: by what serves, and only where nothing does by what should.</summary>
    private PluginEndpoint? EndpointOf(ImmutableArray<RouteTarget> targets, RevisionId wanted)
        => targets.Length > 0 ? targets[0].Endpoint : FindRevision(wanted)?.Endpoint;

    private void CloseAllBut(ImmutableArray<InstanceId> open)
    {
        foreach (var (id, runner) in _runners)
        {
            if (!open.Contains(id))
            {
                runner.Route(open: false);
            }
        }
    }

    private void ForgetRunners()
    {
        foreach (var (id, runner) in _runners)
        {
            if (_state.Instances.All(i => i.Id != id))
            {
                _runners.Remove(id);
                runner.Dispose();
            }
        }
    }

    private void Measure(DeploymentState before)
    {
        if (before.Instances.Length != _state.Instances.Length)
        {
            _services.Metrics.Instances(Plugin, _state.Instances.Length - before.Instances.Length);
        }

        foreach (var instance in _state.Instances)
        {
            if (instance.Ready is { } ready && before.Instances.FirstOrDefault(i => i.Id == instance.Id) is { Ready: null })
            {
                Measure(instance, ready);
            }
        }
    }

    private void Measure(InstanceState instance, Moment ready)
    {
        if (!instance.Survived)
        {
            _services.Metrics.Started(Plugin, ready.Uptime - instance.Started.Uptime);
        }

        Run(_runners[instance.Id], runner => runner.NoteReadyAsync(ready.Wall));
    }
}
