using Stormly.Deploy.Routing;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <summary>Since when one deployment is as it is where the machine is shared out, and what it was told and has not read yet. Immutable; it knows no clock.</summary>
internal sealed record MachineStanding
{
    /// <summary>The part that it was told and has not read; null where it has read the last one.</summary>
    public MachineShare? Told { get; init; }

    private TimeSpan? IdleSince { get; init; }

    private long? Arrivals { get; init; }

    private TimeSpan? WaitsSince { get; init; }

    private TimeSpan? HeldSince { get; init; }

    /// <summary>Looks at a deployment again. One whose requests come and are answered between two looks is no more idle than one that is seen with some.</summary>
    /// <param name="tenant">How it stands, without times.</param>
    /// <param name="read">The part that it knows of.</param>
    /// <param name="demand">Requests that run or wait, and how many have come in all.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The standing, and the deployment with its times; what it was told and has not read counts.</returns>
    public (MachineStanding Next, MachineTenant Tenant) Look(MachineTenant tenant, MachineShare? read, DemandReading demand, TimeSpan now)
    {
        var asked = demand.Present > 0 || (Arrivals is { } before && before != demand.Arrivals);
        var next = new MachineStanding
        {
            Arrivals = demand.Arrivals,
            Told = Told?.IsLike(read) == true ? null : Told,
            IdleSince = asked ? null : IdleSince ?? now,
            WaitsSince = demand.Present > 0 && tenant.Live == 0 ? WaitsSince ?? now : null,
            HeldSince = tenant.Live > 0 ? HeldSince ?? now : null,
        };
        return (next, tenant with
        {
            Granted = Math.Max(tenant.Granted, next.Told?.Instances ?? 0),
            IdleFor = now - (next.IdleSince ?? now),
            WaitsFor = now - (next.WaitsSince ?? now),
            HeldFor = now - (next.HeldSince ?? now),
        });
    }

    /// <summary>What a deployment is to be told of its part, one thing at a time.</summary>
    /// <param name="tenant">What it asks for.</param>
    /// <param name="read">The part that it knows of.</param>
    /// <param name="grant">What was decided.</param>
    /// <returns>The part; null where it knows, or has not read the last one yet.</returns>
    public MachineShare? ToTell(MachineTenant tenant, MachineShare? read, MachineGrant grant)
    {
        var share = new MachineShare(grant.Instances, grant.Why, tenant.Wish, grant.Coming);
        return Told is null && !share.IsLike(read) ? share : null;
    }
}
