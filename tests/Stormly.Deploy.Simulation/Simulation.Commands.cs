using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>Operators, and the life and death of the host application.</content>
internal sealed partial class Simulation
{
    private const int Revisions = 6;
    private const int Good = 99;

    private readonly int[] _characters = new int[Revisions + 1];
    private readonly int[] _ceilings = new int[Revisions + 1];
    private readonly Dictionary<long, (int Command, FleetGoal? Goal, Action? Then)> _tickets = [];
    private readonly HashSet<long> _refused = [];
    private readonly Dictionary<RevisionId, int> _lastDeploy = [];
    private readonly List<(int Command, int Wanted, ScaleRange? Range)> _numbers = [];
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
        Injects(12, "an operator scales", () => Scale(null));
        Injects(5, "an operator goes back", GoBack);
        Injects(3, "an operator removes the deployment", () => TellAll(new DeploymentEvent.RemoveWanted()));
        Injects(2, "the host application is stopped", () => TellAll(new DeploymentEvent.StopWanted()));
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
            at += _random.Percent(30) ? _random.Milliseconds(0, 50) : _random.Percent(10) ? _random.Milliseconds(12_000, 60_000) : _random.Milliseconds(100, 12_000);
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

    private void Deploy() => Deploy(_random.Between(1, Revisions), keepTrying: _random.Percent(10));

    private void Deploy(int number, bool keepTrying) => Deploy(number, DrawSize(number), keepTrying);

    /// <summary>To the revision that a call without a name would choose, as the facade does; refused where the backend cannot run as many of it.</summary>
    private void GoBack()
    {
        if (_up && RollbackChoice.Default(_state.Revisions, _state.Goal?.Revision) is { } revision && FleetSize.Of(_state.Goal) is var size && size.Most <= _ceilings[RevisionNumber(revision)])
        {
            Deploy(RevisionNumber(revision), size, keepTrying: false, back: true);
        }
    }

    /// <summary>Asks for a revision.</summary>
    /// <returns>The call that waits for it; 0 where none does.</returns>
    private long Deploy(int number, FleetSize size, bool keepTrying, bool back = false)
    {
        if (!_up)
        {
            return 0;
        }

        var goal = GoalOf(number, size);
        NoteAsked(goal);
        var ticket = keepTrying ? 0 : NewTicket(goal);
        Step(new DeploymentEvent.DeployWanted(goal, ticket == 0 ? [] : [ticket], keepTrying, back));
        return ticket;
    }

    private void NoteAsked(FleetGoal goal)
    {
        _lastDeploy[goal.Revision] = ++_commands;
        _numbers.Add((_commands, goal.Wanted, goal.Range));
        _invariants.OnCommand();
    }

    /// <summary>Asks for another number, or lets it follow the load; now and then the answer of the backend is old when the deployment hears of it.</summary>
    private void Scale(ScaleRange? range)
    {
        if (!_up || _state.Goal is not { } goal)
        {
            return;
        }

        var drawn = FleetSize.Of(goal).Between(range ?? ScaleRange.Fixed(_random.Between(1, Math.Min(4, Limit))));
        var size = drawn.Most > goal.Ceiling ? Cut(drawn, goal.Ceiling) : drawn;
        var life = _life;
        After(_random.Percent(10) ? _random.Milliseconds(0, 2000) : TimeSpan.Zero, () =>
        {
            if (_up && life == _life && !Calm)
            {
                _numbers.Add((++_commands, size.Wanted, size.Range));
                _invariants.OnCommand();
                Step(new DeploymentEvent.ScaleWanted(size.Wanted, goal.Ceiling, goal.CeilingReason, [NewTicket(null)], size.Range, goal.Revision));
            }
        });
    }

    private long NewTicket(FleetGoal? goal)
    {
        _tickets.Add(++_lastTicket, (_commands, goal, null));
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
                call.Then?.Invoke();
                Promise(call.Command, call.Goal);
            }
            else
            {
                _refused.Add(ticket);
            }
        }
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

    /// <summary>A call that fails is told why.</summary>
    private static void CheckRefusals(ImmutableArray<DeploymentEffect> effects)
    {
        if (effects.OfType<DeploymentEffect.Refuse>().FirstOrDefault(r => r.Tickets.Length > 0 && r.Reason.Length == 0) is { } silent)
        {
            throw new SimulationFailure($"call {silent.Tickets[0]} was refused without a word");
        }
    }
}
