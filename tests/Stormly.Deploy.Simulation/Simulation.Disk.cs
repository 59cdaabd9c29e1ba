using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// What is stored, what calls were promised, and that the first always holds the second. One document, as the controller keeps it: a step writes it once, what could not be
/// written goes out with the next write that can, and what did not reach the disk before a death is lost.
/// </content>
internal sealed partial class Simulation
{
    private SimulatedDocument? _disk;
    private SimulatedDocument _document = new();
    private TimeSpan _diskBusyUntil;
    private readonly List<(string Otherwise, Action<bool>? Then)> _toWrite = [];
    private bool _forgotten;
    private (int Command, RevisionId? Revision) _promise;
    private int _promisedNumber;

    private void RegisterDisk()
    {
        Does<DeploymentEffect.Store>(Store);
        Does<DeploymentEffect.Undertake>(e => Put(Present() with { Rollout = e.Rollout }, "go on without having stored what is coming in"));
        Does<DeploymentEffect.Forgo>(e => Put(
            Present() with { Paused = Present().Paused && !e.Pause, Canary = e.Canary ? null : Present().Canary }, "go on without having stored what does not come back"));
        Does<DeploymentEffect.Remember>(e => Put(Present() with { Revisions = e.Revisions }, "go on without having stored what became of the revisions"));
        Does<DeploymentEffect.Forget>(_ => Forget());
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
        _promises.CheckDisk(_disk);
        if (_promise.Revision is null)
        {
            return;
        }

        if (_disk?.Serves is not { } serves || _lastDeploy[serves.Revision] < _promise.Command)
        {
            throw new SimulationFailure($"revision {_promise.Revision.Short} was promised, but what is stored is {_disk?.Serves?.Revision.Short ?? "nothing"}");
        }

        if (!_numbers.Any(n => n.Command >= _promisedNumber && IsSizeOf(n.Wanted, n.Range, serves)))
        {
            var (_, wanted, range) = _numbers.First(n => n.Command == _promisedNumber);
            throw new SimulationFailure(string.Create(CultureInfo.InvariantCulture, $"{range?.ToString() ?? $"{wanted}"} instances were promised, but {serves.Wanted} of {serves.Range} are stored"));
        }
    }

    /// <summary>Whether a goal has the size that was asked for, as far as the backend can run it: a number, or one within a range.</summary>
    private static bool IsSizeOf(int wanted, ScaleRange? range, FleetGoal goal)
    {
        var asked = (goal with { Wanted = wanted, Range = range }).Fit();
        return asked.Range == goal.Range && (asked.Range is { } within ? within.Clamp(goal.Wanted) == goal.Wanted : asked.Wanted == goal.Wanted);
    }

    private SimulatedDocument Present() => _options.Document(_document, _state);

    private void Store(DeploymentEffect.Store store)
        => Put(Present() with { Serves = store.Goal ?? _document.Serves }, "go on without having stored what serves", stored => Answer(store.Tickets, stored));

    /// <summary>Keeps a document in the place of the one before, with the write at the end of the step.</summary>
    /// <param name="document">The document.</param>
    /// <param name="otherwise">What the deployment is told where it cannot be written.</param>
    /// <param name="then">Told whether it is durable.</param>
    private void Put(SimulatedDocument document, string otherwise, Action<bool>? then = null)
    {
        if (!_forgotten)
        {
            _document = document;
            _toWrite.Add((otherwise, then));
        }
    }

    private void Write()
    {
        if (_toWrite.Count == 0)
        {
            return;
        }

        var (document, waiting) = (_document, _toWrite.ToArray());
        _toWrite.Clear();
        var fails = !Calm && _random.Percent(7);
        OnDisk(() =>
        {
            if (!fails)
            {
                _disk = document;
                _history.World(Now, $"stored: {document.Serves?.ToString() ?? "nothing"} serves, {document.Rollout?.Goal.Revision.Short ?? "nothing"} comes in{(document.Paused ? ", paused" : "")}, canary {document.Canary?.Revision.Short ?? "none"}");
            }

            foreach (var (otherwise, then) in waiting)
            {
                if (fails)
                {
                    Tell(TimeSpan.Zero, new DeploymentEvent.Noted(DecisionKind.Deploy, _plugin.Value, otherwise, "the disk is full"));
                }

                then?.Invoke(!fails);
            }

            _promises.CheckDisk(_disk);
        });
    }

    private void Forget()
    {
        _forgotten = true;
        OnDisk(() =>
        {
            _disk = null;
            _history.World(Now, "stored state deleted");
        });
    }

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
