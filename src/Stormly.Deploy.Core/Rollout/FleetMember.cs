using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>One instance as planning sees it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Wanted">Whether it runs the revision that should serve.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="SubstituteFailed">Whether a start that should have replaced it failed.</param>
internal readonly record struct FleetMember(InstanceId Id, bool Wanted, FleetStanding Standing, bool SubstituteFailed = false);
