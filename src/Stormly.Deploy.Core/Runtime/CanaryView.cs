using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>Renders a canary for outsiders. Pure.</summary>
internal static class CanaryView
{
    public static CanarySnapshot? Of(DeploymentState state) => state is not { Canary: { } canary, Goal: { } goal } ? null : new CanarySnapshot
    {
        Revision = canary.Revision,
        SharePercent = canary.Spec.SharePercent,
        RoutedPercent = canary.Routed * 100,
        WantedInstances = canary.Size(goal),
        ByRule = canary.Spec.Rule is not null,
        RoutedSince = canary.RoutedAt?.Wall,
    };

    public static string? Describe(DeploymentState state) => state switch
    {
        { Canary: { Routed: > 0 } canary } => string.Create(CultureInfo.InvariantCulture, $"revision {canary.Revision.Short} gets {canary.Routed * 100:0.###} % of the requests as a canary"),
        { Canary: { } canary } => $"revision {canary.Revision.Short} comes in as a canary{(canary.LastFailure is { } failure ? $"; the last failure: {failure.Reason}" : "")}",
        _ => null,
    };
}
