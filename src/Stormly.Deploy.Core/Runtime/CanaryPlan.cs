using System.Collections.Frozen;
using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>How the instances that take requests are divided between a canary and the revision that serves. Pure.</summary>
/// <param name="Revision">The canary's revision.</param>
/// <param name="Share">Its share, 0 to 1; 0 before it is routed.</param>
/// <param name="Keys">Keys that always get it.</param>
/// <param name="Window">Which share in a row it is.</param>
/// <param name="Targets">Its instances.</param>
/// <param name="Stable">All others.</param>
internal sealed record CanaryPlan(
    RevisionId Revision, double Share, FrozenSet<string> Keys, int Window, ImmutableArray<InstanceId> Targets, ImmutableArray<InstanceId> Stable)
{
    public static CanaryPlan? Of(DeploymentState state, ImmutableArray<InstanceId> targets)
    {
        if (state.Canary is not { } canary)
        {
            return null;
        }

        var its = state.Instances.Where(i => i.Revision == canary.Revision).Select(i => i.Id).ToHashSet();
        return new CanaryPlan(canary.Revision, canary.Routed, canary.Keys, canary.Window, [.. targets.Where(its.Contains)], [.. targets.Where(t => !its.Contains(t))]);
    }
}
