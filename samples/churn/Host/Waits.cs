using Stormly.Deploy;
using Stormly.Deploy.Model;

namespace ChurnHost;

/// <summary>The few things that this program waits for.</summary>
internal static class Waits
{
    /// <summary>Waits until all wanted instances of the churn plugin serve and the condition holds; fails as soon as the deployment does.</summary>
    public static async Task<DeploymentSnapshot> UntilReadyAsync(
        this IPluginDeployments deployments, Func<DeploymentSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        await foreach (var snapshot in deployments.WatchAsync("churn", cancellationToken))
        {
            if (snapshot.Phase == DeploymentPhase.Failed)
            {
                throw new PluginDeploymentException(snapshot.Reason);
            }

            if (snapshot.Phase == DeploymentPhase.Ready && snapshot.ReadyInstances == snapshot.WantedInstances && condition(snapshot))
            {
                return snapshot;
            }
        }

        throw new PluginDeploymentException("The deployment was removed.");
    }

    /// <summary>Waits until the clients have got so many answers.</summary>
    public static async Task UntilAnsweredAsync(this Clients clients, int count, CancellationToken cancellationToken)
    {
        while (clients.Answered < count)
        {
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>Completes when the token is cancelled.</summary>
    public static Task WhenCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(cancelled.SetResult);
        return cancelled.Task;
    }
}
