using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>What requests may expect of a deployment: which instances take them, and what those are told that find none. Pure.</summary>
internal sealed record RoutePlan
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    public required ImmutableArray<InstanceId> Targets { get; init; }

    public required RouteAvailability Availability { get; init; }

    /// <summary>How the targets are divided while a canary is tried out; null where none is.</summary>
    public CanaryPlan? Canary { get; init; }

    public string Reason { get; init; } = "";

    public TimeSpan? RetryAfter { get; init; }

    public static RoutePlan Of(DeploymentState state, TimeSpan now)
    {
        var targets = FindTargets(state);
        if (targets.Length > 0)
        {
            return new RoutePlan { Targets = targets, Availability = RouteAvailability.Serving, Canary = CanaryPlan.Of(state, targets) };
        }

        var retry = NextInstance(state, now);
        var none = state.Goal?.Wanted == 0 || state is { Share.Instances: 0, Goal.Least: 0 };
        var backingOff = none ? state.Vacancies.Any(v => v.NotBefore > now) : !state.Vacancies.IsEmpty;
        var cold = (none || state.FromZero || !state.EverReady) && state is { Failure: null, Absence: null, Mode: DeploymentMode.Running } && !backingOff;
        return new RoutePlan
        {
            Targets = targets,
            Availability = cold ? RouteAvailability.ColdStart : RouteAvailability.Unavailable,
            Reason = cold ? "its first instance is starting" : Why(state),
            RetryAfter = retry,
        };
    }

    /// <summary>Those that are ready and not ejected; where none is, those that still answer: they may be all that is left.</summary>
    private static ImmutableArray<InstanceId> FindTargets(DeploymentState state)
    {
        var good = state.Instances.Where(i => i.TakesRequests).Select(i => i.Id).ToImmutableArray();
        return good.Length > 0 ? good : [.. state.Instances.Where(i => i is { Phase: InstancePhase.Ready, Dead: false } or { Phase: InstancePhase.Suspect, Answers: true }).Select(i => i.Id)];
    }

    private static TimeSpan? NextInstance(DeploymentState state, TimeSpan now)
    {
        if (state.Mode != DeploymentMode.Running || state.Failure is not null)
        {
            return null;
        }

        var starting = state.Instances.Where(i => i.Phase == InstancePhase.Starting).Select(i => i.Started.Uptime);
        var begin = starting.Concat(state.Vacancies.Select(v => v.NotBefore)).DefaultIfEmpty(now).Min();
        var wait = begin + state.LastStartTook - now;
        return wait < ShortestWait ? ShortestWait : wait;
    }

    private static string Why(DeploymentState state) => state switch
    {
        { Mode: DeploymentMode.Removing } => "it is being removed",
        { Mode: not DeploymentMode.Running } => "the host application ends",
        { Failure: not null } => "it could not be started",
        { Absence: not null } => "what it runs on cannot be had at the moment",
        { Vacancies.Length: > 0 } => "its instances failed, and the next start waits a moment",
        _ => "its instances failed, and others are being started",
    };
}
