using System.Collections.Immutable;

namespace Stormly.Deploy.Rollout;

/// <summary>How many members stand where. <paramref name="WantedComing"/> are on their way: starting, or ready for too short a time.</summary>
internal readonly record struct FleetCount(int WantedComing, int WantedReady, int OtherYoung, int Ready, int Suspect, int Leaving, int Alive)
{
    public static FleetCount Of(ImmutableArray<FleetMember> members) => new(
        members.Count(m => m is { Standing: FleetStanding.Starting or FleetStanding.Young, Wanted: true }),
        members.Count(m => m is { Standing: FleetStanding.Ready, Wanted: true }),
        members.Count(m => m is { Standing: FleetStanding.Young, Wanted: false }),
        members.Count(m => m.Standing == FleetStanding.Ready),
        members.Count(m => m.Standing == FleetStanding.Suspect),
        members.Count(m => m.Standing is FleetStanding.Leaving or FleetStanding.Dead),
        members.Count(m => m.Standing != FleetStanding.Dead));
}
