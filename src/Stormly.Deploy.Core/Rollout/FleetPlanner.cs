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
        var missing = Math.Max(0, spec.Wanted - count.WantedComing - count.WantedReady);
        var room = Math.Min(spec.Wanted + spec.MaxSurge - count.Alive, spec.Ceiling - members.Length);
        var starts = Math.Max(0, Math.Min(Math.Min(missing, room), spec.Startable));
        var stops = ImmutableArray.CreateBuilder<FleetStop>();
        StopUnproved(spec, members, count, stops);
        StopSurplus(spec, members, count, stops);
        StopHopeless(members, count, stops);
        var stuck = spec.CeilingMayRise ? spec.Wanted + spec.MaxSurge <= count.Alive : room <= 0;
        if (stops.Count == 0 && missing > 0 && stuck && spec.Startable > 0 && count is { Leaving: 0, WantedComing: 0 })
        {
            MakeRoom(spec, members, stops);
        }

        return new FleetDecision(starts, stops.ToImmutable(), count);
    }

    /// <summary>What has not proved itself and nobody needs any more: of another revision, or beyond the wanted number.</summary>
    private static void StopUnproved(FleetSpec spec, ImmutableArray<FleetMember> members, FleetCount count, ImmutableArray<FleetStop>.Builder stops)
    {
        var surplus = count.WantedComing + count.WantedReady - spec.Wanted;
        var spare = count.Ready + count.OtherYoung - spec.Wanted;
        foreach (var member in members.Where(m => m.Standing is FleetStanding.Starting or FleetStanding.Young).OrderByDescending(m => m.Standing == FleetStanding.Starting).ThenByDescending(members.IndexOf))
        {
            var doing = member.Standing == FleetStanding.Starting ? "it was still starting" : "it was ready for a short time only";
            if (member.Wanted ? surplus-- > 0 : member.Standing == FleetStanding.Starting || spare-- > 0)
            {
                stops.Add(new(member.Id, member.Wanted ? $"{doing}, and only {spec.Wanted} are wanted now" : $"{doing}, and another revision is wanted now"));
            }
        }
    }

    /// <summary>Whatever goes beyond the wanted number of instances that serve: the sick first, then other revisions, then the youngest.</summary>
    private static void StopSurplus(FleetSpec spec, ImmutableArray<FleetMember> members, FleetCount count, ImmutableArray<FleetStop>.Builder stops)
    {
        StopSick(spec, members, count, stops);
        StopOthers(spec, members, count, stops);
        var beyond = count.WantedReady - spec.Wanted;
        foreach (var member in members.Where(m => m is { Standing: FleetStanding.Ready, Wanted: true }).Reverse())
        {
            if (beyond-- > 0)
            {
                stops.Add(new(member.Id, $"only {spec.Wanted} are wanted now"));
            }
        }
    }

    /// <summary>Sick ones whose substitutes serve, those first that wait for none any more, and those of another revision within what may be missing, so that they go before any that is well.</summary>
    private static void StopSick(FleetSpec spec, ImmutableArray<FleetMember> members, FleetCount count, ImmutableArray<FleetStop>.Builder stops)
    {
        var surplus = count.Ready + count.Suspect - spec.Wanted;
        var mayGo = count.Ready > 0 ? surplus + MayMiss(spec, count) : surplus;
        foreach (var member in members.Where(m => m.Standing == FleetStanding.Suspect).OrderBy(m => m.Wanted).ThenByDescending(m => m.SubstituteFailed))
        {
            if (surplus > 0 || (!member.Wanted && mayGo > 0))
            {
                stops.Add(new(member.Id, surplus > 0 ? "its substitute serves" : $"it is sick, and {Missing(spec)}"));
                (surplus, mayGo) = (surplus - 1, mayGo - 1);
            }
        }
    }

    /// <summary>Ready ones of another revision: those beyond the wanted number, and as many more as may be missing while the wanted revision comes in.</summary>
    private static void StopOthers(FleetSpec spec, ImmutableArray<FleetMember> members, FleetCount count, ImmutableArray<FleetStop>.Builder stops)
    {
        var surplus = count.Ready - spec.Wanted;
        var mayGo = surplus + MayMiss(spec, count);
        foreach (var member in members.Where(m => m is { Standing: FleetStanding.Ready, Wanted: false }))
        {
            if (mayGo-- > 0)
            {
                stops.Add(new(member.Id, surplus-- > 0
                    ? $"enough others serve: {count.Ready - 1} of {spec.Wanted} wanted"
                    : Missing(spec)));
            }
        }
    }

    private static int MayMiss(FleetSpec spec, FleetCount count) => count.WantedReady + count.WantedComing < spec.Wanted ? spec.MaxUnavailable : 0;

    private static string Missing(FleetSpec spec) => $"{spec.MaxUnavailable} of {spec.Wanted} may be missing while the new revision comes in";

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
