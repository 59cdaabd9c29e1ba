using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// What answered calls promised of rollouts: that they are paused or not, which canary stands with which share, that none does. It holds through every step and every death of the
/// host application until somebody asks for something else, or a decision says why it ended.
/// </summary>
internal sealed class RolloutPromises
{
    private readonly List<(int Command, double Share)> _shares = [];
    private (int Command, bool? Paused) _pause;
    private (int Command, RevisionId? Revision, bool Promised) _canary;
    private int _commands;

    /// <summary>A call is made.</summary>
    /// <param name="news">What it wants.</param>
    /// <param name="before">What there is.</param>
    /// <returns>What is to be done when it is answered with success.</returns>
    public Action OnCall(DeploymentEvent news, DeploymentState before)
    {
        var command = ++_commands;
        switch (news)
        {
            case DeploymentEvent.PauseWanted or DeploymentEvent.ResumeWanted:
                _pause = (command, null);
                return () => _pause = _pause.Command == command ? (command, news is DeploymentEvent.PauseWanted) : _pause;
            case DeploymentEvent.CanaryWanted e:
                return Try(command, e.Goal.Revision, e.Spec.SharePercent, same: before.Canary?.Revision == e.Goal.Revision);
            case DeploymentEvent.CanaryShareWanted e:
                return Try(command, before.Canary?.Revision, e.SharePercent, same: true);
            case DeploymentEvent.AbortWanted or DeploymentEvent.PromoteWanted:
                _canary = (command, null, false);
                return () => Keep(command, null);
            default:
                return static () => { };
        }
    }

    /// <summary>Looks whether every step keeps what was promised, or says why not.</summary>
    /// <param name="step">The step.</param>
    public void Check(SimulatedStep step)
    {
        if (step.News is DeploymentEvent.DeployWanted { Back: true } or DeploymentEvent.RemoveWanted or DeploymentEvent.Forgone { Pause: true })
        {
            _pause = (++_commands, null);
        }

        if (step.News is DeploymentEvent.RemoveWanted)
        {
            _canary = (++_commands, null, false);
        }

        if (_canary.Revision is { } tried && IsEnded(step, tried))
        {
            _canary = (++_commands, null, false);
        }

        if (step.After is { Mode: DeploymentMode.Running, KnowsRollouts: true } state)
        {
            Require(_pause.Paused is not { } paused || paused == state.Pause is not null, $"a call was answered that rollouts are {(_pause.Paused == true ? "paused, and they are not" : "resumed, and they are paused")}");
            Require(!_canary.Promised || Holds(state.Canary), $"a call was answered that {Describe()}, and {Describe(state.Canary)}");
        }
    }

    /// <summary>Looks whether a host application that dies now leaves what was promised.</summary>
    /// <param name="disk">What is stored; null where nothing is.</param>
    public void CheckDisk(SimulatedDocument? disk)
    {
        Require(_pause.Paused is not { } paused || disk is null || paused == disk.Paused, $"a call was answered that rollouts are {(_pause.Paused == true ? "paused" : "resumed")}, and something else is stored");
        Require(!_canary.Promised || disk is null || Holds(disk.Canary), $"a call was answered that {Describe()}, and what is stored is that {Describe(disk?.Canary)}");
    }

    private static void Require(bool holds, string broken)
    {
        if (!holds)
        {
            throw new SimulationFailure(broken);
        }
    }

    /// <summary>A decision says that it is over, whoever or whatever ended it.</summary>
    private static bool IsEnded(SimulatedStep step, RevisionId tried)
        => (step.After.Canary?.Revision != tried || step.News is DeploymentEvent.Forgone)
            && step.Effects.Any(e => e is DeploymentEffect.Record { Kind: DecisionKind.Canary or DecisionKind.Recover } r && r.What.Contains(tried.Short, StringComparison.Ordinal) && !r.What.StartsWith("bring", StringComparison.Ordinal));

    private static string Describe(CanaryState? canary)
        => canary is null ? "there is none" : string.Create(CultureInfo.InvariantCulture, $"revision {canary.Revision.Short} is tried out on {canary.Spec.SharePercent} %");

    /// <summary>The share that stood goes on counting: one that is not reached in time is given up for it.</summary>
    private Action Try(int command, RevisionId? revision, double share, bool same)
    {
        if (!same)
        {
            _shares.Clear();
        }

        _shares.Add((command, share));
        _canary = same && _canary is { Promised: true } ? _canary with { Command = command } : (command, revision, false);
        return () => Keep(command, revision);
    }

    private void Keep(int command, RevisionId? revision)
    {
        if (_canary.Command == command)
        {
            _canary = (command, revision, true);
            _shares.RemoveAll(s => s.Command < command);
        }
    }

    private bool Holds(CanaryState? canary)
        => canary?.Revision == _canary.Revision && (canary is null || _shares.Any(s => Math.Abs(s.Share - canary.Spec.SharePercent) < 1e-6));

    private string Describe() => _canary.Revision is { } tried ? $"revision {tried.Short} is tried out on {string.Join(" or ", _shares.Select(s => s.Share.ToString(CultureInfo.InvariantCulture)))} %" : "no canary stands";
}
