using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>The folder that the deployment follows.</content>
internal sealed partial class DeploymentMachine
{
    private static void OnSourceSeen(DeploymentTurn turn, DeploymentEvent.SourceSeen seen)
    {
        turn.State = turn.State with { Source = seen.Source };
        if (seen.What is { } what)
        {
            turn.Record(DecisionKind.Follow, turn.State.Plugin.Value, what, seen.Why, trouble: seen.Trouble);
        }
    }
}
