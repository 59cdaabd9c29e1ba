using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <content>The demand that the data plane measures, handed to the machine where the wanted number follows it.</content>
internal sealed partial class DeploymentController
{
    private readonly PluginDemand _demand;
    private int _demandNoted;

    /// <summary>What is wanted now; null where nothing was deployed.</summary>
    public FleetGoal? Goal => Volatile.Read(ref _state).Goal;

    /// <summary>A request waits. Told again and again, and passed on once until the loop has looked.</summary>
    public void NoteDemand()
    {
        if (Goal is { Range: not null } && Interlocked.Exchange(ref _demandNoted, 1) == 0)
        {
            TryTell(new DeploymentEvent.Tick());
        }
    }

    private DeploymentEvent WithDemand(DeploymentEvent news)
    {
        if (news is not DeploymentEvent.Tick || _state.Goal is not { Range: not null })
        {
            return news;
        }

        Volatile.Write(ref _demandNoted, 0);
        return new DeploymentEvent.Demand(_demand.Read());
    }
}
