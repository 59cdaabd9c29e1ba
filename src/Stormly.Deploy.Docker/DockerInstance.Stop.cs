using Docker.DotNet;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker;

/// <content>How it is ended: asked, killed, removed.</content>
internal sealed partial class DockerInstance
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastOutput = TimeSpan.FromMilliseconds(500);

    public async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
    {
        Task<InstanceExit> stop;
        lock (_gate)
        {
            if (_stop is null || _stop.IsFaulted)
            {
                // What ended before it was asked to ended by itself.
                _stopping = _end.Task.IsCompleted ? _stopping : new Stopping(grace, _owner.Time.GetTimestamp(), _owner.Time);
                _stop = Task.Run(() => EndAsync(grace), CancellationToken.None);
            }

            stop = _stop;
        }

        if (grace <= TimeSpan.Zero)
        {
            await _force.CancelAsync().ConfigureAwait(false);
        }

        await using var hurry = force.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _force).ConfigureAwait(false);
        return await stop.ConfigureAwait(false);
    }

    private async Task<InstanceExit> EndAsync(TimeSpan grace)
    {
        var begun = _owner.Time.GetTimestamp();
        for (var wait = FirstRetry; ; wait = wait * 2 < _owner.Options.ReconnectEvery ? wait * 2 : _owner.Options.ReconnectEvery)
        {
            try
            {
                await EndOnceAsync(grace - _owner.Time.GetElapsedTime(begun)).ConfigureAwait(false);
                break;
            }
            catch (Exception error) when (error is BackendUnavailableException or DockerApiException)
            {
                if (_owner.Time.GetElapsedTime(begun) >= grace + _owner.Options.EngineWait)
                {
                    GiveUp(error);
                    break;
                }

                await Task.Delay(wait, _owner.Time).ConfigureAwait(false);
            }
        }

        await _outputEnd.CancelAsync().ConfigureAwait(false);
        var exit = await Exited.ConfigureAwait(false);
        DockerHostLog.Stopped(_owner.Logger, _labels.Plugin, Id, exit.Reason);
        _owner.Watcher.Forget(Id.Value);
        _owner.Release(this);
        return exit;
    }

    private async Task EndOnceAsync(TimeSpan grace)
    {
        var found = await _owner.Calls.InspectAsync(ContainerId, CancellationToken.None).ConfigureAwait(false);
        if (ContainerCalls.EndOf(found) is null)
        {
            if (found!.State?.Paused == true)
            {
                await _owner.Calls.UnpauseAsync(ContainerId, CancellationToken.None).ConfigureAwait(false);
            }

            await AskAndKillAsync(grace).ConfigureAwait(false);
            found = await _owner.Calls.InspectAsync(ContainerId, CancellationToken.None).ConfigureAwait(false);
        }

        // Its last words are gone with the container.
        await ReadLastWordsAsync(LastOutput).ConfigureAwait(false);
        await _owner.Calls.RemoveAsync(ContainerId, CancellationToken.None).ConfigureAwait(false);
        End(ContainerCalls.EndOf(found) ?? ContainerEnd.Removed);
    }

    private async Task AskAndKillAsync(TimeSpan grace)
    {
        if (grace > TimeSpan.Zero && !_force.IsCancellationRequested)
        {
            try
            {
                await _owner.Calls.StopAsync(ContainerId, grace, _force.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException)
            {
                // Somebody is in a hurry.
            }
        }

        await _owner.Calls.KillAsync(ContainerId, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The engine does not let it be removed: what has ended may be removed later, what lives must be told of.</summary>
    private void GiveUp(Exception error)
    {
        _owner.Watcher.Condemn(ContainerId);
        DockerHostLog.RemovalPending(_owner.Logger, ContainerId[..12], error.Message);
        if (!_end.Task.IsCompleted)
        {
            throw new PluginDeploymentException(
                $"Instance '{Id}' of plugin '{_labels.Plugin}' could not be ended: its container {ContainerId[..12]} may still run. {error.Message} It is removed as soon as the engine answers.", error);
        }
    }

    /// <summary>A stop that was asked for.</summary>
    private sealed record Stopping(TimeSpan Grace, long Begun, TimeProvider Time)
    {
        private const int Killed = 137;

        public bool WasForced(ContainerEnd end, bool hurried) => end.Code == Killed && (hurried || Time.GetElapsedTime(Begun) >= Grace);
    }
}
