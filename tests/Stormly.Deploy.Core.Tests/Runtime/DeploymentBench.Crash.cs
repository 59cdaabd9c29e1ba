using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Runtime;

/// <content>A host application that is killed.</content>
internal sealed partial class DeploymentBench
{
    /// <summary>Ends the run as <c>kill -9</c> does: what lies in the state folder at this moment is what the next run finds.</summary>
    public Task CrashAsync() => DiskImage.CrashAsync(Host, State, () => EndAsync());
}
