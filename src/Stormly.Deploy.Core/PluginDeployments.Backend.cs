using Microsoft.Extensions.Logging;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
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

    /// <summary>Asks the backend until it answers, and hands over what it has taken over.</summary>
    /// <returns>Whether it did before the host application began to end.</returns>
    private async Task<bool> TakeOverLaterAsync(DeploymentFleet fleet, List<(DeploymentController Controller, PluginRegistration? Registration)> all)
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
                return false;
            }

            wait = Longer(wait);
        }
        while (!await fleet.TryRecoverAgainAsync(_end.Token).ConfigureAwait(false));

        await HandOverAsync(fleet, all).ConfigureAwait(false);
        return true;
    }

    private async Task BringUpLaterAsync(DeploymentFleet fleet, List<(DeploymentController Controller, PluginRegistration? Registration)> all, Task<bool> takenOver)
    {
        if (await takenOver.ConfigureAwait(false))
        {
            var work = await BringUpAllAsync(fleet, all).ConfigureAwait(false);
            fleet.GoOn();
            await work.ConfigureAwait(false);
        }
    }

    /// <summary>Brings one deployment up; again and again while the backend cannot be had, unless somebody has deployed or removed it meanwhile.</summary>
    private async Task KeepBringingUpAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration, IDisposable? pass)
    {
        for (var wait = FirstBackendPoll; await TryBringUpAsync(fleet, controller, registration, pass).ConfigureAwait(false) is { } absence; (wait, pass) = (Longer(wait), null))
        {
            await controller.TellAsync(new DeploymentEvent.Absent(absence.Message)).ConfigureAwait(false);
            if (!await WaitForBackendAsync(fleet, wait).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Brings one deployment up, unless somebody has deployed or removed it since that was tried last.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="controller">The deployment.</param>
    /// <param name="registration">How the host application's own code names it; null where it does not.</param>
    /// <param name="taken">The plugin's gate where it was entered already; it is left in any case.</param>
    /// <returns>What kept it from coming up, to be tried again; nothing was told then. Null where it came up, or nothing more is to be done.</returns>
    private async Task<BackendUnavailableException?> TryBringUpAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration, IDisposable? taken)
    {
        using var pass = taken ?? await _gates.EnterAsync(controller.Plugin, CancellationToken.None).ConfigureAwait(false);
        try
        {
            await controller.CatchUpAsync(_end.Token).ConfigureAwait(false);
            if (controller.Goal is null && fleet.Find(controller.Plugin.Value) == controller)
            {
                await BringUpAsync(fleet, controller, registration).ConfigureAwait(false);
            }

            return null;
        }
        catch (BackendUnavailableException absence)
        {
            return absence;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // What is stored stays, and what was taken over is ended or let go as all is.
            return null;
        }
        catch (Exception error)
        {
            LogBug(fleet.Services.Logger, controller.Plugin, error);
            return new BackendUnavailableException($"It could not be brought up because of an error that should not happen: {error.Message}", error);
        }
    }

    private TimeSpan Longer(TimeSpan wait) => wait * 2 < starter.Options.Start.BackendPoll ? wait * 2 : starter.Options.Start.BackendPoll;

    /// <returns>Whether it is worth asking again: false where the host application ends.</returns>
    private async Task<bool> WaitForBackendAsync(DeploymentFleet fleet, TimeSpan wait)
    {
        await Task.Delay(wait, fleet.Services.Time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_end.IsCancellationRequested;
    }

    [LoggerMessage(1114, LogLevel.Error, "{Plugin}: an error that should not happen while it was brought up; it is tried again")]
    private static partial void LogBug(ILogger logger, PluginName plugin, Exception error);
}
