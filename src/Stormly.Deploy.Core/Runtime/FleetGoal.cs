using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>What should serve, and how many of it.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Wanted">How many ready instances.</param>
/// <param name="Ceiling">How many the backend can run at once.</param>
/// <param name="CeilingReason">Why not more; empty where it can run any number.</param>
internal sealed record FleetGoal(RevisionId Revision, int Wanted, int Ceiling, string CeilingReason);
