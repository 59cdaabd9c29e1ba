using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <summary>Calls at the end of a deployment, or of the host application.</summary>
public class EndingMachineTests
{
    /// <summary>Found by the simulation.</summary>
    [Fact]
    public void Stop_ThenRemove_ACallThatTriesARevisionOutIsAnsweredOnce()
    {
        var world = new MachineWorld { Status = (n, _) => n == 1 ? 200 : 500, StopTakes = TimeSpan.FromSeconds(10) }.Deploy(1).Run(TimeSpan.FromMinutes(1));
        world.Tell(new DeploymentEvent.CanaryWanted(MachineWorld.Goal(2, 1), new CanarySpec(), [2]));

        world.Tell(new DeploymentEvent.StopWanted()).Tell(new DeploymentEvent.RemoveWanted());

        Assert.Equal([2L], Assert.Single(world.Refused).Tickets);
    }
}
