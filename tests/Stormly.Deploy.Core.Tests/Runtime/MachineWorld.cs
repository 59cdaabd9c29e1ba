using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// A simulated backend around the real machine: one thread, one queue of events ordered by virtual time. What each instance does is scripted by its
/// number, counted from 1.
/// </summary>
internal sealed partial class MachineWorld
{
    private readonly PriorityQueue<DeploymentEvent, (TimeSpan At, long Order)> _queue = new();
    private readonly Dictionary<InstanceId, int> _numbers = [];
    private readonly DeploymentMachine _machine;
    private long _order;
    private int _named;
    private TimeSpan? _wake;

    public MachineWorld(BackOffOptions? backOff = null, RolloutOptions? rollout = null, bool verifyExamples = false)
    {
        _machine = new DeploymentMachine(new MachineSettings
        {
            Start = Start,
            StatusCheck = StatusCheck,
            BackOff = backOff ?? new BackOffOptions(),
            Rollout = rollout ?? new RolloutOptions(),
            Outlier = new OutlierOptions(),
            Scaling = Scaling,
            VerifyExamples = verifyExamples,
            NewId = plugin => new InstanceId($"{plugin}-{++_named:d8}"),
        });
    }

    public StartOptions Start { get; } = new();

    public StatusCheckOptions StatusCheck { get; } = new();

    public DeploymentState State { get; private set; } = new() { Plugin = PluginName.Parse("churn") };

    public TimeSpan Now { get; private set; }

    public List<(TimeSpan At, DeploymentEffect Effect)> Effects { get; } = [];

    /// <summary>When each instance was started.</summary>
    public List<TimeSpan> Starts => [.. Effects.Where(e => e.Effect is DeploymentEffect.Start).Select(e => e.At)];

    public int MostAlive { get; private set; }

    /// <summary>The fewest ready instances at any moment since <see cref="WatchReady"/>.</summary>
    public int LeastReady { get; private set; } = int.MaxValue;

    /// <summary>What instance number n answers at a time: a status code, 0 for none.</summary>
    public Func<int, TimeSpan, int> Status { get; set; } = (_, _) => 200;

    /// <summary>After what time instance number n exits, with which code; null for never.</summary>
    public Func<int, (TimeSpan After, int Code)?> Exit { get; set; } = _ => null;

    public Func<int, ListenerVerdict> Listener { get; set; } = _ => ListenerVerdict.Ours;

    /// <summary>What comes of running the examples against instance number n, after half a second; null where it never ends.</summary>
    public Func<int, ExampleOutcome?> Examples { get; set; } = _ => new ExampleOutcome(1, null, false, null);

    public TimeSpan LaunchTakes { get; set; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan StopTakes { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>By how much the whole host application stands still before the events of this time are seen.</summary>
    public (TimeSpan At, TimeSpan For)? Pause { get; set; }

    public IEnumerable<string> Decisions => Effects.Select(e => e.Effect).OfType<DeploymentEffect.Record>().Select(r => $"{r.What}: {r.Why}");

    public IEnumerable<InstanceState> Ready => State.Instances.Where(i => i.Phase == InstancePhase.Ready);

    public static RevisionId Revision(int number) => new(number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));

    public static FleetGoal Goal(int revision, int wanted, int ceiling = int.MaxValue) => new(Revision(revision), wanted, ceiling, ceiling == int.MaxValue ? "" : "its port is fixed");

    public MachineWorld Deploy(int revision, int wanted = 1, int ceiling = int.MaxValue, long ticket = 1, bool keepTrying = false)
        => Tell(new DeploymentEvent.DeployWanted(Goal(revision, wanted, ceiling), ticket == 0 ? [] : [ticket], keepTrying));

    public MachineWorld Tell(DeploymentEvent news)
    {
        Post(Now, news);
        return Run(TimeSpan.Zero);
    }

    /// <summary>Ends an instance as kill -9 does.</summary>
    public MachineWorld Kill(InstanceId id)
        => Tell(new DeploymentEvent.Exited(id, new InstanceExit { Signal = 9, Cause = ExitCause.OnItsOwn, Reason = "was killed by signal 9" }));

    public void WatchReady() => LeastReady = State.CountReady();

    public MachineWorld Run(TimeSpan time)
    {
        var end = Now + time;
        while (Next() is { } at && at <= end)
        {
            Now = at;
            if (Pause is { } pause && at >= pause.At)
            {
                Now = at + pause.For;
                end += pause.For;
                Pause = null;
            }

            var news = _queue.TryPeek(out _, out var first) && first.At <= at ? _queue.Dequeue() : Wake();
            Step(news is DeploymentEvent.Probed probed ? probed with { Report = probed.Report with { Ended = Now } } : news);
        }

        Now = end;
        return this;
    }

    public IReadOnlyList<DeploymentEffect.Refuse> Refused => [.. Effects.Select(e => e.Effect).OfType<DeploymentEffect.Refuse>().Where(r => r.Tickets.Length > 0)];

    public IReadOnlyList<DeploymentEffect.Store> Stored => [.. Effects.Select(e => e.Effect).OfType<DeploymentEffect.Store>()];

    private TimeSpan? Next() => _queue.TryPeek(out _, out var first) ? (_wake < first.At ? _wake : first.At) : _wake;

    private void Step(DeploymentEvent news)
    {
        (State, var effects) = _machine.Apply(State, news, new Moment(Now, DateTimeOffset.UnixEpoch + Now));
        foreach (var effect in effects)
        {
            Effects.Add((Now, effect));
            Act(effect);
        }

        MostAlive = Math.Max(MostAlive, State.Instances.Count(i => !i.Dead));
        LeastReady = Math.Min(LeastReady, State.CountReady());
        _wake = DeploymentMachine.NextWake(State, Now) is { } wake && wake < Now ? Now : DeploymentMachine.NextWake(State, Now);
    }

    private void Act(DeploymentEffect effect)
    {
        switch (effect)
        {
            case DeploymentEffect.Start e: Launch(e.Id); break;
            case DeploymentEffect.Stop e: EndLater(e.Id); break;
            case DeploymentEffect.Probe e: Probe(e); break;
            case DeploymentEffect.Verify e when Examples(_numbers[e.Id]) is { } outcome:
                Post(Now + TimeSpan.FromMilliseconds(500), new DeploymentEvent.Verified(e.Id, outcome, "last words"));
                break;
            case DeploymentEffect.TakeOver e: _numbers[e.Id] = _numbers.Count + 1; break;
            default: break;
        }
    }

    private void Launch(InstanceId id)
    {
        var number = _numbers[id] = _numbers.Count + 1;
        Post(Now + LaunchTakes, new DeploymentEvent.Launched(id, $"127.0.0.1:{20000 + number}"));
        if (Exit(number) is var (after, code))
        {
            Post(Now + after, new DeploymentEvent.Exited(id, new InstanceExit { ExitCode = code, Cause = ExitCause.OnItsOwn, Reason = $"ended by itself with exit code {code}" }));
        }
    }

    private void EndLater(InstanceId id) => Post(Now + StopTakes, new DeploymentEvent.Ended(id, null));

    private void Probe(DeploymentEffect.Probe probe)
    {
        var number = _numbers[probe.Id];
        var code = Status(number, Now);
        var ended = code == 0 ? Now + StatusCheck.Timeout : Now + TimeSpan.FromMilliseconds(5);
        var listener = Listener(number);
        var answer = (probe.Proving && (code == 200 || probe.Question == ListenerQuestion.Final) ? listener : ListenerVerdict.Ours) switch
        {
            ListenerVerdict.Stranger => ProbeAnswer.Stranger,
            ListenerVerdict.Elsewhere => ProbeAnswer.Elsewhere,
            _ => code == 200 ? ProbeAnswer.Good : code == 0 ? ProbeAnswer.NoAnswer : ProbeAnswer.BadStatus,
        };
        var report = new ProbeReport(answer, code, code == 0 ? "no answer" : $"answered {code}", probe.Due, Now, ended);
        Post(ended, new DeploymentEvent.Probed(probe.Id, report, "last words"));
    }

    private void Post(TimeSpan at, DeploymentEvent news) => _queue.Enqueue(news, (at, _order++));
}
