using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <content>Instances that live on without the host application, and those that it found again.</content>
internal sealed partial class InstanceRunner
{
    /// <summary>Nobody waits for its exit any more: it was let go, or cannot be ended.</summary>
    private readonly TaskCompletionSource _watchOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _noteGate = new(1, 1);
    private InstanceNote? _note;

    private string Folder => Path.Combine(services.Folders.Root, id.Value);

    /// <summary>Takes an instance of an earlier run into these hands.</summary>
    /// <param name="survivor">The instance.</param>
    public void Adopt(Survivor survivor)
    {
        _instance = survivor.Instance;
        _note = survivor.Note;
        _logWatch = services.Logs.Watch(new InstanceFolder(Folder).Log);
    }

    /// <summary>Tells the end of an instance that runs, unless it is let go of before.</summary>
    public async Task WatchAsync()
    {
        if (await Task.WhenAny(_instance!.Exited, _watchOver.Task).ConfigureAwait(false) != _watchOver.Task)
        {
            await tell(new DeploymentEvent.Exited(id, await _instance.Exited.ConfigureAwait(false))).ConfigureAwait(false);
        }
    }

    /// <summary>Notes that the instance has taken requests: the next run need not wait for it as for one that starts.</summary>
    /// <param name="at">Since when.</param>
    public Task NoteReadyAsync(DateTimeOffset at) => ChangeNoteAsync(note => note.ReadyAt is null ? note with { ReadyAt = at } : note);

    /// <summary>Notes that the instance counts as one of another revision.</summary>
    /// <param name="newer">That revision.</param>
    public Task NoteRevisionAsync(RevisionId newer) => ChangeNoteAsync(note => note with { Revision = newer.Digest });

    /// <summary>Lets the instance finish its requests where <paramref name="drain"/> is true, then lets it live on without the host application.</summary>
    public async Task LetGoAsync(bool drain)
    {
        if (drain)
        {
            await DrainAsync().ConfigureAwait(false);
            await tell(new DeploymentEvent.Drained(id)).ConfigureAwait(false);
        }

        try
        {
            await _end.CancelAsync().ConfigureAwait(false);
            if (!_instance!.Exited.IsCompleted)
            {
                await _instance.LetGoAsync().ConfigureAwait(false);
                _watchOver.SetResult();
                _logWatch?.Dispose();
                await tell(new DeploymentEvent.LetGone(id)).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception error)
        {
            await tell(new DeploymentEvent.Noted(DecisionKind.Stop, id.Value, $"stop {id}", $"it could not be left running: {error.Message}")).ConfigureAwait(false);
        }

        await StopAsync(drain: false).ConfigureAwait(false);
    }

    /// <summary>The note lies there before the instance runs: no crash in between leaves an instance that nobody knows.</summary>
    private void WriteFirstNote(StoredRevision stored)
    {
        if (services.WhenHostEnds != HostEndAction.EndPlugins)
        {
            _note = new InstanceNote { Plugin = stored.Plugin.Value, Revision = stored.Id.Digest, StartedAt = services.Time.GetUtcNow() };
            InstanceNotes.Write(Folder, _note);
        }
    }

    /// <summary>A note that cannot be written costs the next run some time, and nothing else.</summary>
    private async Task ChangeNoteAsync(Func<InstanceNote, InstanceNote> change)
    {
        await _noteGate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_note is { } note && change(note) is var changed && changed != note)
            {
                InstanceNotes.Write(Folder, changed);
                _note = changed;
            }
        }
        catch (StorageException)
        {
            // The disk is full: the next run takes it for one that was still starting, or rolls it as one of the older revision.
        }
        finally
        {
            _noteGate.Release();
        }
    }

    /// <summary>Nothing is written into the folder from now on.</summary>
    private async Task CloseNoteAsync()
    {
        await _noteGate.WaitAsync().ConfigureAwait(false);
        _note = null;
        _noteGate.Release();
    }
}
