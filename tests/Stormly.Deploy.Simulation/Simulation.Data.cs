using Stormly.Deploy.Following;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// In a quarter of the worlds the deployment follows a folder: training runs write whole and half revisions into it, the file system forgets to tell of
/// some, and what is read is deployed by itself. All chance comes from a stream of its own, so that the other worlds stay as they are.
/// </content>
internal sealed partial class Simulation
{
    private readonly FollowOptions _follow = new() { Quiet = Seconds(2), ScanInterval = Seconds(10), Patience = Seconds(60) };
    private readonly HashSet<RevisionId> _left = [];
    private SeededRandom _folderChance = new(0);
    private FollowState _followed = new();
    private (int Revision, bool Whole) _folder = (1, true);
    private TimeSpan _toldOf = -TimeSpan.FromDays(1);
    private string? _lastReport;
    private int _folderMark;
    private int _followerLife = -1;

    private void RegisterFollowing(ulong seed)
    {
        _folderChance = new SeededRandom(~seed);
        if (!_folderChance.Percent(25))
        {
            return;
        }

        Checks(NoteLeft);
        for (var runs = _folderChance.Between(1, 6); runs > 0; runs--)
        {
            At(_folderChance.Milliseconds(0, 60_000), TrainInto);
        }

        Watch();
    }

    /// <summary>A training run: some writes one after the other, the last of which is whole more often than not.</summary>
    private void TrainInto()
    {
        var revision = _folderChance.Between(1, Revisions);
        for (var writes = _folderChance.Between(1, 12); writes > 0; writes--)
        {
            var whole = writes == 1 && _folderChance.Percent(80);
            After(_folderChance.Milliseconds(0, 4000), () => Write(revision, whole));
        }
    }

    private void Write(int revision, bool whole)
    {
        if (Calm)
        {
            return;
        }

        _folder = (revision, whole);
        _folderMark++;
        var told = _folderChance.Percent(85);
        _history.World(Now, $"the folder holds {(whole ? "" : "half of ")}revision {revision}{(told ? "" : ", and nobody is told")}");
        if (told && _up && _followerLife == _life)
        {
            _toldOf = Now;
            Hear(new FollowNews.Touched());
        }
    }

    /// <summary>The follower's clock; a host application that was started again knows nothing of the folder.</summary>
    private void Watch()
    {
        if (Calm)
        {
            return;
        }

        if (_up && _state.Goal is not null)
        {
            if (_followerLife != _life)
            {
                (_followerLife, _followed, _toldOf, _lastReport) = (_life, new FollowState { NextScan = Now }, -TimeSpan.FromDays(1), null);
            }

            Hear(new FollowNews.Tick());
        }

        After(TimeSpan.FromMilliseconds(250), Watch);
    }

    private void Hear(FollowNews first)
    {
        for (FollowNews? news = first; news is not null && _up && _followerLife == _life;)
        {
            var decision = FollowPolicy.Apply(_follow, _followed, news, Now);
            _followed = decision.State;
            CheckReport(decision.Report);
            news = decision.Step switch
            {
                FollowStep.Look => new FollowNews.Looked($"{_folderMark}"),
                FollowStep.Read => new FollowNews.Read(_followed.Seen!, ReadFolder()),
                _ => null,
            };
        }
    }

    private FollowConclusion ReadFolder()
    {
        if (Now - _toldOf < _follow.Quiet)
        {
            throw new SimulationFailure("the folder was read before it was quiet");
        }

        var found = Revision(_folder.Revision);
        if (!_folder.Whole)
        {
            return FollowConclusion.Unusable("it ends in the middle", "half");
        }

        if (_state.Mode != DeploymentMode.Running || (_state.Goal?.Revision == found && _state.Failure is null))
        {
            return FollowConclusion.InStep(found);
        }

        if (ByItself.WhyNot(_state.Revisions, found, _state.Canary?.Revision) is { } why)
        {
            return FollowConclusion.Held(found, why);
        }

        if (_left.Contains(found))
        {
            throw new SimulationFailure($"revision {found.Short} would come back by itself, although somebody went back from it");
        }

        if (FleetSize.Of(_state.Goal).Most > _ceilings[_folder.Revision])
        {
            return FollowConclusion.Unusable("the backend cannot run as many of it", "placement");
        }

        DeployByItself(_folder.Revision);
        return FollowConclusion.InStep(found);
    }

    private void DeployByItself(int number)
    {
        var goal = GoalOf(number, FleetSize.Of(_state.Goal));
        NoteAsked(goal);
        _history.World(Now, "what the folder holds is deployed by itself");
        Step(new DeploymentEvent.DeployWanted(goal, [], KeepTrying: false));
    }

    /// <summary>What somebody went back from stays away until somebody asks for it.</summary>
    private void NoteLeft(SimulatedStep step)
    {
        if (step.News is DeploymentEvent.Pruned or DeploymentEvent.RemoveWanted or DeploymentEvent.Restored)
        {
            _left.Clear();
        }

        if (step.News is DeploymentEvent.DeployWanted wanted && step.Before.Mode == DeploymentMode.Running)
        {
            _left.Remove(wanted.Goal.Revision);
            if (wanted.Back && step.Before.Goal is { } left && left.Revision != wanted.Goal.Revision)
            {
                _left.Add(left.Revision);
            }
        }
    }

    private void CheckReport(FollowReport? report)
    {
        if (report is not null && report.ToString() == _lastReport)
        {
            throw new SimulationFailure($"the same is said of the folder twice in a row: {report}");
        }

        _lastReport = report?.ToString() ?? _lastReport;
    }
}
