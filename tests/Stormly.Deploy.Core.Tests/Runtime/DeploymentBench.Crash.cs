using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Runtime;

/// <content>A host application that is killed.</content>
internal sealed partial class DeploymentBench
{
    /// <summary>Ends the run as <c>kill -9</c> does: what lies in the state folder at this moment is what the next run finds.</summary>
    public async Task CrashAsync()
    {
        Host.Crash();
        var left = State + ".left";
        DiskImage.Take(State, left);

        // The run that was killed is made to end on a folder that nobody looks at any more; its hands reach no instance.
        await EndAsync();
        Directory.Delete(State, recursive: true);
        Directory.Move(left, State);
    }
}
