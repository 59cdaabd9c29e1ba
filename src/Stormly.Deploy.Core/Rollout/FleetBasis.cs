using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>The numbers that an exchange of instances is decided from.</summary>
internal static class FleetBasis
{
    public static DecisionBasis OfStart(FleetSpec spec, FleetCount count, int starts)
        => Fill(new DecisionBasis("min(wanted − starting − ready, wanted + surge − alive, allowed now)", $"start {starts}", "start none"), spec, count)
            .With("starting", count.WantedComing).With("allowed now", spec.Startable);

    public static DecisionBasis OfStop(FleetSpec spec, FleetCount count)
        => Fill(new DecisionBasis("ready of all revisions − wanted + unavailable", "stop", "let it serve on"), spec, count)
            .With("ready of all revisions", count.Ready).With("sick", count.Suspect);

    private static DecisionBasis Fill(DecisionBasis basis, FleetSpec spec, FleetCount count)
        => basis.With("wanted", spec.Wanted).With("ready", count.WantedReady).With("surge", spec.MaxSurge).With("unavailable", spec.MaxUnavailable).With("alive", count.Alive);
}
