using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>Renders a controller's state for outsiders. Pure.</summary>
internal static class SnapshotView
{
    public static DeploymentSnapshot Of(DeploymentState state, ImmutableArray<DecisionRecord> decisions, long version)
    {
        var (phase, reason) = Judge(state);
        reason = CanaryView.Describe(state) is { } canary ? $"{reason}; {canary}" : reason;
        reason = state.Pause is null || phase == DeploymentPhase.Paused ? reason : $"{reason}; rollouts are held back until they are resumed";
        reason = state.Interrupted is { Rollout.Goal.Revision: var waits } ? $"{reason}; the rollout of revision {waits.Short} is taken up again after that" : reason;
        return new DeploymentSnapshot
        {
            Plugin = state.Plugin,
            Phase = phase,
            Reason = reason,
            WantedRevision = state.Goal?.Revision,
            ServingRevision = Serving(state),
            WantedInstances = state.Goal?.Wanted ?? 0,
            Scale = state.Goal?.Range,
            Instances = [.. state.Instances.Select(Render)],
            Decisions = decisions,
            Revisions = state.Revisions,
            Source = SourceView.Of(state),
            Canary = CanaryView.Of(state),
            Paused = state.Pause is not null,
            Version = version,
        };
    }

    private static InstanceSnapshot Render(InstanceState instance) => new()
    {
        Id = instance.Id,
        Revision = instance.Revision,
        Phase = instance is { Phase: InstancePhase.Ready, Ejected: true } ? InstancePhase.Suspect : instance.Phase,
        Address = instance.Address,
        StartedAt = instance.Started.Wall,
        ReadyAt = instance.Ready?.Wall,
        Trouble = instance.Trouble,
    };

    /// <summary>The wanted revision once it serves as a whole, before that the one it replaces.</summary>
    private static RevisionId? Serving(DeploymentState state)
    {
        if (state.Stable is { } stable && state.CountReady(stable.Revision) > 0)
        {
            return stable.Revision;
        }

        return state.Instances.FirstOrDefault(i => i.Phase == InstancePhase.Ready)?.Revision;
    }

    private static (DeploymentPhase Phase, string Reason) Judge(DeploymentState state)
    {
        var ready = state.CountReady();
        var last = state.LastFailure is { } failure ? $"; the last failure: {failure.Reason}" : "";
        return state switch
        {
            { Mode: DeploymentMode.Removing } => (DeploymentPhase.Removing, "it is being removed"),
            { Mode: DeploymentMode.Stopping } => (DeploymentPhase.Removing, "the host application ends; it comes back with the next start"),
            { Mode: DeploymentMode.Over } => (DeploymentPhase.Removed, "it was ended"),
            { Failure: { } why } => (ready > 0 ? DeploymentPhase.Degraded : DeploymentPhase.Failed, why),
            { Goal: null, Absence: { } why } => (DeploymentPhase.BackingOff, $"the backend cannot be had, and is asked again and again: {why}"),
            { Goal: null } => (DeploymentPhase.Deploying, "nothing was deployed yet"),
            { Proven: false, Pause: not null } => (DeploymentPhase.Paused, $"the rollout is paused: {Progress(state)}{last}"),
            { Proven: false } when state.Vacancies.IsEmpty || ready > 0 => (DeploymentPhase.Deploying, Progress(state) + last),
            { Goal.Wanted: 0, Vacancies.IsEmpty: true } => (DeploymentPhase.Ready, "no instance is wanted while nobody asks; the next request starts one" + last),
            _ when state.Goal.Wanted > 0 && state.CountReady(state.Goal.Revision) >= DeploymentMachine.Needed(state) => (DeploymentPhase.Ready, Progress(state)),
            _ when ready > 0 => (DeploymentPhase.Degraded, Progress(state) + last),
            _ when state.Instances.Any(i => i.Phase == InstancePhase.Starting) => (DeploymentPhase.Deploying, Progress(state) + last),
            { Vacancies.Length: > 0 } => (DeploymentPhase.BackingOff, "the next start waits" + last),
            _ => (DeploymentPhase.Deploying, Progress(state) + last),
        };
    }

    private static string Progress(DeploymentState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"{state.CountReady(state.Goal!.Revision)} of {state.Goal.Wanted} wanted instance(s) of revision {state.Goal.Revision.Short} ready{Young(state)}");

    private static string Young(DeploymentState state)
        => state.Instances.Count(i => i is { Phase: InstancePhase.Ready, SettlesAt: not null }) is var young and > 0 ? string.Create(CultureInfo.InvariantCulture, $", {young} of them too short a time to count") : "";
}
