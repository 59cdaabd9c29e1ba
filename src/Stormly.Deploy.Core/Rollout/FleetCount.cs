using System.Collections.Immutable;

namespace Stormly.Deploy.Rollout;

/// <summary>How many members stand where.</summary>
internal readonly record struct FleetCount(int WantedStarting, int WantedReady, int Ready, int Suspect, int Leaving, int Alive)
{
    public static FleetCount Of(ImmutableArray<FleetMember> members) => new(
        members.Count(m => m is { Standing: FleetStanding.Starting, Wanted: true }),
        members.Count(m => m is { Standing: FleetStanding.Ready, Wanted: true }),
        members.Count(m => m.Standing == FleetStanding.Ready),
        members.Count(m => m.Standing == FleetStanding.Suspect),
        members.Count(m => m.Standing is FleetStanding.Leaving or FleetStanding.Dead),
        members.Count(m => m.Standing != FleetStanding.Dead));
}
