using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>How outsiders see the folder that a deployment follows. Pure.</summary>
internal static class SourceView
{
    /// <summary>A folder whose revision was deployed and is not wanted any more is not in step, although nothing in it has changed.</summary>
    /// <param name="state">The controller's state.</param>
    /// <returns>The snapshot; null where no folder is followed.</returns>
    public static SourceSnapshot? Of(DeploymentState state)
    {
        if (state.Source is not { State: SourceState.InStep, Revision: { } holds } source || (holds == state.Goal?.Revision && state.Failure is null))
        {
            return state.Source;
        }

        var why = state.Revisions.FirstOrDefault(r => r.Id == holds) switch
        {
            { Failure: { } failure } => $"it was given up: {failure}",
            { WithdrawnAt: not null } => "somebody went back from it by hand",
            _ => "another revision was deployed after it",
        };
        return source with { State = SourceState.Held, Problem = $"revision {holds.Short} is deployed by a call only: {why}" };
    }
}
