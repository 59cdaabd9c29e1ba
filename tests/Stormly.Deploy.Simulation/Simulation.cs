using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// The real control logic in a world of its own: one thread, one queue ordered by virtual time, all chance from one seed. Faults are injected for a
/// while, then no more; from then on everything must settle. Every step is checked by <see cref="Invariants"/>.
/// </summary>
internal sealed partial class Simulation
{
    private const int MostSteps = 50_000;

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _queue = new();
    private readonly SeededRandom _random;
    private readonly SimulationOptions _options;
    private readonly MachineSettings _settings;
    private readonly MachineStep _machine;
    private readonly History _history;
    private readonly Invariants _invariants;
    private readonly PluginName _plugin = PluginName.Parse("churn");
    private DeploymentState _state;
    private TimeSpan _born;
    private TimeSpan _wallOffset;
    private long _order;
    private long _wakes;
    private int _wokenAtOnce;
    private int _life;
    private int _named;
    private bool _up = true;
    private bool _over;

    private Simulation(ulong seed, SimulationOptions options)
    {
        _random = new SeededRandom(seed);
        _options = options;
        _settings = DrawSettings() with { VerifyExamples = RunsExamples(seed) };
        _time = new SimulatedTime(() => Now);
        _demand = new PluginDemand(_time);
        _machine = options.Machine(new DeploymentMachine(_settings).Apply, _settings);
        _history = new History(options.Timeline);
        _invariants = new Invariants(_settings);
        _state = new DeploymentState { Plugin = _plugin };
        _wallOffset = options.WallOffset;
        Register(seed);
        DrawRevisions();
        BeginSharing();
    }

    public TimeSpan Now { get; private set; }

    /// <summary>Whether nothing is injected any more.</summary>
    public bool Calm { get; private set; }

    private TimeSpan Uptime => Now - _born;

    public static SimulationResult Run(ulong seed, SimulationOptions? options = null)
    {
        var world = new Simulation(seed, options ?? new SimulationOptions());
        string? failure = null;
        try
        {
            world.Live();
        }
        catch (SimulationFailure broken)
        {
            failure = broken.Message;
        }
        catch (Exception bug) when (bug is InvalidOperationException or NullReferenceException or ArgumentException or KeyNotFoundException or OverflowException)
        {
            failure = $"the machine threw: {bug}";
        }

        return new(seed, world._history.Hash, world._history.Steps, world._requests, world._instances.Count, failure, failure is null ? "" : world._history.Render()) { WorstHealing = world.WorstHealing };
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private MachineSettings DrawSettings()
    {
        var surge = _random.Between(0, 2);
        return new MachineSettings
        {
            Start = new StartOptions { Deadline = Seconds(_random.Between(3, 20)) },
            StatusCheck = new StatusCheckOptions
            {
                Interval = Seconds(_random.Between(2, 10)),
                Timeout = Seconds(_random.Between(1, 2)),
                Misses = _random.Between(1, 3),
                BadAnswers = _random.Between(1, 2),
            },
            BackOff = new BackOffOptions { Longest = Seconds(_random.Between(10, 60)), CrashLoopLimit = _random.Between(2, 4), ForgottenAfter = Seconds(60) },
            Rollout = new RolloutOptions { MaxSurge = surge, MaxUnavailable = surge == 0 ? 1 : _random.Between(0, 1), ProgressSlack = Seconds(_random.Between(1, 20)), MinReadyTime = Seconds(_random.Percent(25) ? _random.Between(1, 10) : 0) },
            KeepAtStop = _random.Percent(15),
            Scaling = DrawScaling(),
            MaxRequestsPerInstance = _routing.MaxRequestsPerInstance,
            Outlier = new OutlierOptions { BaseEjection = Seconds(_random.Between(2, 10)) },
            NewId = plugin => new InstanceId($"{plugin}-{++_named}"),
        };
    }

    private void Live()
    {
        Inject();
        while (!_over && _queue.TryDequeue(out var act, out var when))
        {
            Now = when.At > Now ? when.At : Now;
            act();
            if (_history.Steps > MostSteps)
            {
                throw new SimulationFailure($"nothing settles: more than {MostSteps} steps");
            }
        }

        CheckTheEnd();
    }

    private void At(TimeSpan at, Action act) => _queue.Enqueue(act, (at > Now ? at : Now, _order++));

    private void After(TimeSpan wait, Action act) => At(Now + wait, act);

    /// <summary>Tells the control plane something, unless it dies before.</summary>
    private void Tell(TimeSpan wait, DeploymentEvent news)
    {
        var life = _life;
        After(wait, () =>
        {
            if (_up && life == _life)
            {
                Step(news);
            }
        });
    }

    private void Step(DeploymentEvent news)
    {
        var before = _state;
        news = WithDemand(news);
        var moment = new Moment(Uptime, DateTimeOffset.UnixEpoch.AddYears(50) + Now + _wallOffset);
        (_state, var effects) = _machine(before, news, moment);
        _history.Step(Now, news, effects, _state);
        CheckStep(before, news, effects);
        PublishRoute();
        if (!ActOn(effects))
        {
            return;
        }

        Write();
        CheckWorld();
        Serve();
        Arm(news);
        ShareOut();
    }

    private void Arm(DeploymentEvent news)
    {
        var number = ++_wakes;
        if (DeploymentMachine.NextWake(_state, Uptime) is not { } wake)
        {
            return;
        }

        // Once is a step that wants another one right after it; twice is a loop.
        _wokenAtOnce = news is DeploymentEvent.Tick or DeploymentEvent.Demand && wake <= Uptime ? _wokenAtOnce + 1 : 0;
        if (_wokenAtOnce > 1)
        {
            throw new SimulationFailure("a timer fires again and again without anything to do");
        }

        var life = _life;
        At(_born + wake, () =>
        {
            if (_up && life == _life && number == _wakes)
            {
                Step(new DeploymentEvent.Tick());
            }
        });
    }
}
