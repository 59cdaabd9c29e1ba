using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>Operators, the disk, and the life and death of the host application.</content>
internal sealed partial class Simulation
{
    private const int Revisions = 6;
    private const int Good = 99;

    private readonly int[] _characters = new int[Revisions + 1];
    private readonly int[] _ceilings = new int[Revisions + 1];
    private readonly Dictionary<long, (int Command, FleetGoal? Goal, int Life)> _tickets = [];
    private readonly HashSet<long> _refused = [];
    private readonly Dictionary<RevisionId, int> _lastDeploy = [];
    private readonly List<(int Command, int Wanted)> _numbers = [];
    private FleetGoal? _disk;
    private TimeSpan _diskBusyUntil;
    private (int Command, RevisionId? Revision) _promise;
    private int _promisedNumber;
    private int _commands;
    private long _lastTicket;

    private static RevisionId Revision(int number) => new($"{number}".PadRight(64, 'a'));

    private static int RevisionNumber(RevisionId id) => id.Digest[0] - '0';

    /// <summary>Revisions 1 and 2 differ in what only people read.</summary>
    private static string RuntimeOf(int number) => $"runtime {Math.Max(number, 2)}";

    private static string CeilingReason(int ceiling) => ceiling == int.MaxValue ? "" : "its port is fixed";

    private void DrawRevisions()
    {
        for (var i = 1; i <= Revisions; i++)
        {
            _characters[i] = _random.Percent(60) ? Good : _random.Next(13);
            _ceilings[i] = _random.Percent(20) ? 1 : _random.Percent(15) ? _random.Between(2, 4) : int.MaxValue;
        }

        (_characters[2], _ceilings[2]) = (_characters[1], _ceilings[1]);
        (_characters[Revisions], _ceilings[Revisions]) = (Good, int.MaxValue);
    }

    private void RegisterCommands()
    {
        Injects(22, "an operator deploys", () => Deploy());
        Injects(4, "operators deploy again and again", Storm);
        Injects(12, "an operator scales", Scale);
        Injects(5, "an operator goes back", GoBack);
        Injects(3, "an operator removes the deployment", () => TellAll(new DeploymentEvent.RemoveWanted()));
        Injects(2, "the host application is stopped", () => TellAll(new DeploymentEvent.StopWanted()));
        Does<DeploymentEffect.Store>(Store);
        Does<DeploymentEffect.Forget>(_ => Forget());
        Does<DeploymentEffect.Refuse>(e => Answer(e.Tickets, good: false));
        Does<DeploymentEffect.Finish>(e => OnFinished(e.Removed));
        Checks(step => CheckRefusals(step.Effects));
    }

    private void Inject()
    {
        Deploy();
        var at = TimeSpan.Zero;
        for (var left = _random.Between(3, 14); left > 0; left--)
        {
            at += _random.Percent(30) ? _random.Milliseconds(0, 50) : _random.Milliseconds(100, 12_000);
            At(at, InjectOne);
        }

        At(at + _random.Milliseconds(0, 5000), Settle);
    }

    private void Storm()
    {
        for (var left = _random.Between(3, 10); left > 0; left--)
        {
            After(_random.Milliseconds(0, 3000), () =>
            {
                if (!Calm)
                {
                    Deploy();
                }
            });
        }
    }

    private void TellAll(DeploymentEvent news)
    {
        if (_up)
        {
            _commands++;
            if (news is DeploymentEvent.RemoveWanted && _state.Mode < DeploymentMode.Removing)
            {
                (_promise, _promisedNumber) = ((_commands, null), 0);
            }

            Step(news);
        }
    }

    private void Deploy() => Deploy(_random.Between(1, Revisions), _random.Between(1, 4), keepTrying: _random.Percent(10));

    /// <summary>To the revision that a call without a name would choose, as the facade does.</summary>
    private void GoBack()
    {
        if (_up && RollbackChoice.Default(_state.Revisions, _state.Goal?.Revision) is { } revision)
        {
            Deploy(RevisionNumber(revision), _random.Between(1, 4), keepTrying: false, back: true);
        }
    }

    /// <summary>Asks for a revision.</summary>
    /// <returns>The call that waits for it; 0 where none does.</returns>
    private long Deploy(int number, int wanted, bool keepTrying, bool back = false)
    {
        if (!_up)
        {
            return 0;
        }

        var ceiling = _ceilings[number];
        var goal = new FleetGoal(Revision(number), Math.Min(wanted, ceiling), ceiling, CeilingReason(ceiling), RuntimeOf(number));
        _lastDeploy[goal.Revision] = ++_commands;
        _numbers.Add((_commands, goal.Wanted));
        _invariants.OnCommand();
        var ticket = keepTrying ? 0 : NewTicket(goal);
        Step(new DeploymentEvent.DeployWanted(goal, ticket == 0 ? [] : [ticket], keepTrying, back));
        return ticket;
    }

    private void Scale()
    {
        if (!_up || _state.Goal is not { } goal)
        {
            return;
        }

        var wanted = Math.Min(_random.Between(1, 4), goal.Ceiling);
        _numbers.Add((++_commands, wanted));
        _invariants.OnCommand();
        Step(new DeploymentEvent.ScaleWanted(wanted, goal.Ceiling, goal.CeilingReason, [NewTicket(null)]));
    }

    private long NewTicket(FleetGoal? goal)
    {
        _tickets.Add(++_lastTicket, (_commands, goal, _life));
        return _lastTicket;
    }

    private void Answer(ImmutableArray<long> tickets, bool good)
    {
        foreach (var ticket in tickets)
        {
            if (!_tickets.Remove(ticket, out var call))
            {
                throw new SimulationFailure($"call {ticket} was answered twice");
            }

            if (good)
            {
                Promise(call.Command, call.Goal);
            }
            else
            {
                _refused.Add(ticket);
            }
        }
    }

    /// <summary>A call was told that it succeeded: from now on that must survive.</summary>
    private void Promise(int command, FleetGoal? goal)
    {
        if (goal is not null && command > _promise.Command)
        {
            _promise = (command, goal.Revision);
        }

        if (_promise.Revision is not null)
        {
            _promisedNumber = Math.Max(_promisedNumber, command);
        }

        CheckDisk();
    }

    private void CheckDisk()
    {
        if (_promise.Revision is null)
        {
            return;
        }

        if (_disk is null || _lastDeploy[_disk.Revision] < _promise.Command)
        {
            throw new SimulationFailure($"revision {_promise.Revision.Short} was promised, but what is stored is {_disk?.Revision.Short ?? "nothing"}");
        }

        if (!_numbers.Any(n => n.Command >= _promisedNumber && Math.Min(n.Wanted, _disk.Ceiling) == _disk.Wanted))
        {
            throw new SimulationFailure(string.Create(CultureInfo.InvariantCulture, $"{_numbers.First(n => n.Command == _promisedNumber).Wanted} instances were promised, but {_disk.Wanted} are stored"));
        }
    }

    private void Store(DeploymentEffect.Store store)
    {
        var fails = !Calm && _random.Percent(7);
        var kept = Kept();
        OnDisk(() =>
        {
            if (store.Goal is not null && fails)
            {
                Tell(TimeSpan.Zero, new DeploymentEvent.Noted(DecisionKind.Deploy, _plugin.Value, "go on without having stored what serves", "the disk is full"));
                Answer(store.Tickets, good: false);
                return;
            }

            _disk = store.Goal ?? _disk;
            _stored = store.Goal is null ? _stored : kept;
            _history.World(Now, $"stored {store.Goal}");
            Answer(store.Tickets, good: true);
        });
    }

    private void Forget() => OnDisk(() =>
    {
        _disk = null;
        _stored = default;
        _history.World(Now, "stored state deleted");
    });

    /// <summary>One write after the other; those of a host application that died are lost.</summary>
    private void OnDisk(Action write)
    {
        var life = _life;
        var begin = _diskBusyUntil > Now ? _diskBusyUntil : Now;
        _diskBusyUntil = begin + _random.Milliseconds(0, 30);
        At(_diskBusyUntil, () =>
        {
            if (_up && life == _life)
            {
                write();
            }
        });
    }

    private void OnFinished(bool removed)
    {
        var life = _life;
        if (_state.Instances.Length > 0 || _living.Count > 0)
        {
            throw new SimulationFailure("it says that all has ended, but instances live");
        }

        At(_diskBusyUntil + TimeSpan.FromMilliseconds(1), () =>
        {
            if (life == _life)
            {
                Answer([.. _tickets.Keys], good: false);
                Rest(removed ? TimeSpan.Zero : _random.Milliseconds(10, 3000));
            }
        });
    }

    /// <summary>The control plane is gone, and begins anew after a while.</summary>
    private void Rest(TimeSpan wait)
    {
        _up = false;
        _life++;
        _route = null;
        _waiting.Clear();
        _open.Clear();
        CheckDisk();
        if (!_ending)
        {
            After(wait, Begin);
        }
        else
        {
            _over = true;
        }
    }

    private void Begin()
    {
        (_up, _born, _state) = (true, Now, new DeploymentState { Plugin = _plugin });
        _diskBusyUntil = Now;
        _invariants.OnRestart();
        if (AdoptSurvivors() && _disk is { } goal)
        {
            Restore(goal);
        }
    }

    /// <summary>As it was stored, or with a newer revision that the host application's own code registers.</summary>
    private void Restore(FleetGoal stored)
    {
        var registers = !Calm && _random.Percent(20);
        Step(RestoredWith(stored, !registers));
        if (registers)
        {
            Deploy(_random.Between(1, Revisions), _random.Between(1, 4), keepTrying: true);
        }
    }

    /// <summary>A call that fails is told why.</summary>
    private static void CheckRefusals(ImmutableArray<DeploymentEffect> effects)
    {
        if (effects.OfType<DeploymentEffect.Refuse>().FirstOrDefault(r => r.Tickets.Length > 0 && r.Reason.Length == 0) is { } silent)
        {
            throw new SimulationFailure($"call {silent.Tickets[0]} was refused without a word");
        }
    }
}
