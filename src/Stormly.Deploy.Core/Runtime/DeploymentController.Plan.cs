using Stormly.Deploy.Plans;

namespace Stormly.Deploy.Runtime;

/// <content>Questions that change nothing.</content>
internal sealed partial class DeploymentController
{
    /// <summary>Waits until everything that was told so far is part of <see cref="Snapshot"/>.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that also completes where the deployment has ended.</returns>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var question = new DeploymentEvent.Questioned(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (await TellAsync(question).ConfigureAwait(false))
        {
            await Task.WhenAny(question.Answer.Task, _loop).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says what a deploy would be now.</summary>
    /// <param name="goal">What would be deployed.</param>
    /// <returns>The kind of change.</returns>
    public PlanAction Foresee(FleetGoal goal) => DeploymentMachine.Foresee(Volatile.Read(ref _state), goal);
}
