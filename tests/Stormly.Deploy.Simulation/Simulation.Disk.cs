using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>What is stored, what calls were promised, and that the first always holds the second.</content>
internal sealed partial class Simulation
{
    private FleetGoal? _disk;
    private TimeSpan _diskBusyUntil;
    private (int Command, RevisionId? Revision) _promise;
    private int _promisedNumber;

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

        if (!_numbers.Any(n => n.Command >= _promisedNumber && IsSizeOf(n.Wanted, n.Range, _disk)))
        {
            var (_, wanted, range) = _numbers.First(n => n.Command == _promisedNumber);
            throw new SimulationFailure(string.Create(CultureInfo.InvariantCulture, $"{range?.ToString() ?? $"{wanted}"} instances were promised, but {_disk.Wanted} of {_disk.Range} are stored"));
        }
    }

    /// <summary>Whether a goal has the size that was asked for, as far as the backend can run it: a number, or one within a range.</summary>
    private static bool IsSizeOf(int wanted, ScaleRange? range, FleetGoal goal)
    {
        var asked = (goal with { Wanted = wanted, Range = range }).Fit();
        return asked.Range == goal.Range && (asked.Range is { } within ? within.Clamp(goal.Wanted) == goal.Wanted : asked.Wanted == goal.Wanted);
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
            _comingStored = _coming;
            _history.World(Now, $"stored {store.Goal}");
            Answer(store.Tickets, good: true);
        });
    }

    private void Forget() => OnDisk(() =>
    {
        _disk = null;
        _stored = default;
        _coming = _comingStored = null;
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
}
