using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>A backend that cannot be had when the host application starts: that starts all the same, and what was deployed comes back later.</content>
internal sealed partial class PluginDeployments
{
    private static readonly TimeSpan FirstBackendPoll = TimeSpan.FromMilliseconds(250);

    /// <summary>As <see cref="EnsureStartedAsync"/>, for calls that start or end instances: before it is known what an earlier run left, they might start what runs already.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The fleet.</returns>
    /// <exception cref="BackendUnavailableException">The backend was not there at the start, and has not been since.</exception>
    private async Task<DeploymentFleet> EnsureBackendAsync(CancellationToken cancellationToken)
    {
        var fleet = await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        return fleet.Absence is { } absence
            ? throw new BackendUnavailableException($"Nothing can be changed yet: the backend could not be had when the host application started, and has not answered since. What was deployed comes back by itself once it does. {absence.Message}", absence)
            : fleet;
    }

    private async Task BringUpLaterAsync(DeploymentFleet fleet, List<(DeploymentController Controller, PluginRegistration? Registration)> all)
    {
        var wait = FirstBackendPoll;
        do
        {
            foreach (var (controller, _) in all)
            {
                await controller.TellAsync(new DeploymentEvent.Absent(fleet.Absence!.Message)).ConfigureAwait(false);
            }

            if (!await WaitForBackendAsync(fleet, wait).ConfigureAwait(false))
            {
                return;
            }

            wait = Longer(wait);
        }
        while (!await fleet.TryRecoverAgainAsync(_end.Token).ConfigureAwait(false));

        var work = await BringUpAllAsync(fleet, all).ConfigureAwait(false);
        fleet.GoOn();
        await work.ConfigureAwait(false);
    }

    /// <summary>Brings one deployment up; again and again while the backend cannot be had, unless somebody has deployed or removed it meanwhile.</summary>
    private async Task KeepBringingUpAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration, IDisposable? pass)
    {
        for (var wait = FirstBackendPoll; await BringUpAsync(fleet, controller, registration, pass).ConfigureAwait(false) is { } absence; (wait, pass) = (Longer(wait), null))
        {
            await controller.TellAsync(new DeploymentEvent.Absent(absence.Message)).ConfigureAwait(false);
            if (!await WaitForBackendAsync(fleet, wait).ConfigureAwait(false) || controller.Goal is not null || fleet.Find(controller.Plugin.Value) != controller)
            {
                return;
            }
        }
    }

    private TimeSpan Longer(TimeSpan wait) => wait * 2 < starter.Options.Start.BackendPoll ? wait * 2 : starter.Options.Start.BackendPoll;

    /// <returns>Whether it is worth asking again: false where the host application ends.</returns>
    private async Task<bool> WaitForBackendAsync(DeploymentFleet fleet, TimeSpan wait)
    {
        await Task.Delay(wait, fleet.Services.Time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_end.IsCancellationRequested;
    }
}
