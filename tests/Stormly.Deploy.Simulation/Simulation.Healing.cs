using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// Once nothing is injected any more, all that is wanted must be ready within the back-off that runs and the starts and stops that are left
/// (R15). Instances from before may still turn out bad; each time the bound begins anew.
/// </content>
internal sealed partial class Simulation
{
    /// <summary>The longest that an instance of the calm world takes: launch, boot, and the poll after it.</summary>
    private static readonly TimeSpan CalmStart = TimeSpan.FromSeconds(3);

    /// <summary>The longest that an instance takes to leave: drain and the slowest stop.</summary>
    private static readonly TimeSpan CalmStop = DrainBound + TimeSpan.FromSeconds(12);

    private TimeSpan _troubled;
    private TimeSpan _healedBy = SimulatedInstance.Never;

    /// <summary>The longest time from the last trouble until everything was ready, and the share of its bound that it took.</summary>
    public (TimeSpan Took, double OfBound) WorstHealing { get; private set; }

    private void RegisterHealing() => Checks(CheckHealing);

    private void CheckHealing(SimulatedStep step)
    {
        if (!Calm || _ending)
        {
            return;
        }

        if (step.Effects.Any(IsTrouble) || step.News is DeploymentEvent.Restored || _healedBy == SimulatedInstance.Never)
        {
            (_troubled, _healedBy) = (Now, Now + HealingBound());
        }

        if (step.After is not { Mode: DeploymentMode.Running, Failure: null, Goal: { } goal } || IsReached(goal))
        {
            NoteHealed();
            _healedBy = SimulatedInstance.Never;
        }
        else if (Now > _healedBy)
        {
            throw new SimulationFailure(string.Create(CultureInfo.InvariantCulture, $"not everything is ready {(Now - _troubled).TotalSeconds:0} s after the last trouble, and the bound was {(_healedBy - _troubled).TotalSeconds:0} s"));
        }
    }

    private static bool IsTrouble(DeploymentEffect effect)
        => effect is DeploymentEffect.Record { Kind: DecisionKind.BackOff or DecisionKind.Replace or DecisionKind.Rollback or DecisionKind.Deploy or DecisionKind.Scale or DecisionKind.Recover or DecisionKind.Remove };

    /// <summary>The back-off that runs, what starts from before may still take, and one exchange after the other.</summary>
    private TimeSpan HealingBound()
    {
        var backOff = _state.Vacancies.Select(v => v.NotBefore - Uptime).Append(TimeSpan.Zero).Max();
        var round = CalmStart + CalmStop + _settings.StatusCheck.Timeout + _settings.Rollout.MinReadyTime;
        var share = _limits is null ? TimeSpan.Zero : Seconds(5);
        return share + backOff + _settings.Start.Deadline + (round * ((_state.Goal?.Wanted ?? 0) + 1));
    }

    private void NoteHealed()
    {
        if (_healedBy < SimulatedInstance.Never && Now - _troubled > WorstHealing.Took)
        {
            WorstHealing = (Now - _troubled, (Now - _troubled) / (_healedBy - _troubled));
        }
    }
}
