using System.Collections.Immutable;

namespace Stormly.Deploy.Rollout;

/// <summary>
/// Brings a fleet to the wanted number of ready instances of the wanted revision: start first, stop when the others suffice, never more than the
/// surge beyond the wanted number, and never the last one that can answer for a newcomer that has not proved itself. One rule for first starts,
/// replacements, new revisions, scaling and going back, because all of them are the same exchange.
/// </summary>
internal static class FleetPlanner
{
    public static FleetDecision Plan(FleetSpec spec, ImmutableArray<FleetMember> members)
    {
        var count = FleetCount.Of(members);
        var missing = Math.Max(0, spec.Wanted - count.WantedStarting - count.WantedReady);
        var room = Math.Min(spec.Wanted + spec.MaxSurge - count.Alive, spec.Ceiling - members.Length);
        var starts = Math.Max(0, Math.Min(Math.Min(missing, room), spec.Startable));
        var stops = ImmutableArray.CreateBuilder<FleetStop>();
        StopUnproved(spec, members, count, stops);
        StopSurplus(spec, members, count, stops);
        StopHopeless(members, count, stops);
        if (stops.Count == 0 && missing > 0 && room <= 0 && spec.Startable > 0 && count is { Leaving: 0, WantedStarting: 0 })
        {
            MakeRoom(spec, members, stops);
        }

        return new FleetDecision(starts, stops.ToImmutable());
    }

    /// <summary>Starts that nobody needs any more: of another revision, or beyond the wanted number.</summary>
    private static void StopUnproved(FleetSpec spec, ImmutableArray<FleetMember> members, FleetCount count, ImmutableArray<FleetStop>.Builder stops)
    {
        var surplus = count.WantedStarting + count.WantedReady - spec.Wanted;
        foreach (var member in members.Where(m => m.Standing == FleetStanding.Starting).Reverse())
        {
            if (!member.Wanted)
            {
                stops.Add(new(member.Id, "it was still starting, and another revision is wanted now"));
            }
            else if (surplus-- > 0)
            {
                stops.Add(new(member.Id, $"it was still starting, and only {spec.Wanted} are wanted now"));
            }
        }
    }

    /// <summary>Whatever goes beyond the wanted number of instances that serve: the sick first, then other revisions, then the youngest.</summary>
    private static void StopSurplus(FleetSpec spec, ImmutableArray<FleetMember> members, FleetCount count, ImmutableArray<FleetStop>.Builder stops)
    {
        var surplus = count.Ready + count.Suspect - spec.Wanted;
        foreach (var member in members.Where(m => m.Standing == FleetStanding.Suspect).OrderBy(m => m.Wanted))
        {
            if (surplus-- > 0)
            {
                stops.Add(new(member.Id, "its substitute serves"));
            }
        }

        surplus = count.Ready - spec.Wanted;
        var mayMiss = count.WantedReady + count.WantedStarting < spec.Wanted ? spec.MaxUnavailable - count.Suspect : 0;
        foreach (var member in members.Where(m => m is { Standing: FleetStanding.Ready, Wanted: false }))
        {
            if (surplus-- > 0)
            {
                stops.Add(new(member.Id, $"enough others serve: {count.Ready - 1} of {spec.Wanted} wanted"));
            }
            else if (mayMiss-- > 0)
            {
                stops.Add(new(member.Id, $"{spec.MaxUnavailable} of {spec.Wanted} may be missing while the new revision comes in"));
            }
        }

        var beyond = count.WantedReady - spec.Wanted;
        foreach (var member in members.Where(m => m is { Standing: FleetStanding.Ready, Wanted: true }).Reverse())
        {
            if (beyond-- > 0)
            {
                stops.Add(new(member.Id, $"only {spec.Wanted} are wanted now"));
            }
        }
    }

    /// <summary>Sick ones whose substitute could not be started, where others still answer.</summary>
    private static void StopHopeless(ImmutableArray<FleetMember> members, FleetCount count, ImmutableArray<FleetStop>.Builder stops)
    {
        if (count.Ready == 0)
        {
            return;
        }

        foreach (var member in members.Where(m => m is { Standing: FleetStanding.Suspect, SubstituteFailed: true }))
        {
            if (!stops.Any(s => s.Id == member.Id))
            {
                stops.Add(new(member.Id, "its substitute could not be started, and others still answer"));
            }
        }
    }

    /// <summary>Where not one more can run, something must go first: the sick, else one of another revision.</summary>
    private static void MakeRoom(FleetSpec spec, ImmutableArray<FleetMember> members, ImmutableArray<FleetStop>.Builder stops)
    {
        var sick = members.Where(m => m.Standing == FleetStanding.Suspect);
        var other = members.Where(m => m is { Standing: FleetStanding.Ready, Wanted: false });
        foreach (var member in sick.Concat(other).Take(1))
        {
            var why = spec.CeilingReason.Length == 0 ? $"the surge is {spec.MaxSurge}" : spec.CeilingReason;
            stops.Add(new(member.Id, $"there is no room to start its substitute first, so it goes before: {why}"));
        }
    }
}
