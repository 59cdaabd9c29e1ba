using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <content>How requests are divided while a canary is tried out, and what they show.</content>
internal sealed partial class DeploymentController
{
    private CanaryTraffic? _canaryTraffic;

    /// <summary>Lets every target count for its side, and says how requests are divided.</summary>
    private CanaryRoute? DivideRoute(CanaryPlan? plan, ImmutableArray<RouteTarget> targets, CanaryRoute? old)
    {
        var before = _canaryTraffic;
        if (plan is null)
        {
            _canaryTraffic = null;
            Count(before is null ? [] : targets, null);
            return null;
        }

        if (before?.Revision != plan.Revision || before.Window != plan.Window)
        {
            var spills = before?.Revision == plan.Revision ? before.Spills : _services.Metrics.SpillsOf(Plugin);
            _canaryTraffic = new CanaryTraffic(plan.Revision, plan.Window, spills);
        }

        var route = new CanaryRoute
        {
            Targets = [.. plan.Targets.Select(id => _runners[id].Target!)],
            Stable = [.. plan.Stable.Select(id => _runners[id].Target!)],
            Share = plan.Share,
            Salt = plan.Revision.Digest,
            Keys = plan.Keys,
            Spills = _canaryTraffic!.Spills,
        };
        Count(route.Targets, _canaryTraffic.Canary);
        Count(route.Stable, _canaryTraffic.Stable);
        return route.Equals(old) ? old : route;
    }

    private CanarySnapshot? WithSpills(CanarySnapshot? canary) => canary is null || Volatile.Read(ref _canaryTraffic) is not { Spills: var spills } ? canary : canary with
    {
        AnsweredByOthers = spills.ToStable,
        AnsweredForOthers = spills.ToCanary,
    };

    private static void Count(ImmutableArray<RouteTarget> targets, TrafficWindow? window)
    {
        foreach (var target in targets)
        {
            target.Window = window;
        }
    }

    private void ReadCanary(DeploymentEffect.ReadCanary read)
    {
        if (_canaryTraffic is { } traffic && traffic.Window == read.Window)
        {
            TryTell(new DeploymentEvent.CanaryRead(read.Window, traffic.Canary.Read(read.Percentile), traffic.Stable.Read(read.Percentile)));
        }
    }
}
