using Stormly.Deploy.Hosts;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>An instance of an earlier run that the backend has taken over.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Revision">What it runs.</param>
/// <param name="Note">What the earlier run knew of it.</param>
internal sealed record Survivor(IInstance Instance, StoredRevision Revision, InstanceNote Note);
