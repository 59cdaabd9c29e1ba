using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Launching;

/// <summary>A plugin's shell that an earlier run of the host application started: known by its descriptor, its output lies in a file, its exit code nobody can learn.</summary>
internal sealed class AdoptedProcess : ILeader
{
    private readonly PidWatch _watch;
    private readonly PidHandle _handle;
    private readonly OutputFile? _output;

    /// <summary>Begins to watch it.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="handle">Its descriptor; belongs to this from now on.</param>
    /// <param name="watch">Where its end is waited for.</param>
    /// <param name="output">Its output; null where it is not known where that lies.</param>
    public AdoptedProcess(int pid, PidHandle handle, PidWatch watch, OutputFile? output)
    {
        (Pid, _handle, _watch, _output) = (pid, handle, watch, output);
        Ended = FollowAsync(watch.WatchAsync(handle));
    }

    /// <inheritdoc/>
    public int Pid { get; }

    /// <inheritdoc/>
    public Task<int?> Ended { get; }

    /// <inheritdoc/>
    public Task OutputEnded => Task.CompletedTask;

    /// <inheritdoc/>
    public string ReadOutputTail() => _output?.ReadTail() ?? "";

    /// <inheritdoc/>
    public void ReleaseLifeline()
    {
        // It never had one.
    }

    /// <inheritdoc/>
    public void Release()
    {
        // Nothing of it is held but its descriptor, which goes with its end.
    }

    /// <inheritdoc/>
    public void LetGo() => _watch.Forget(_handle);

    /// <inheritdoc/>
    public void Dispose() => LetGo();

    private static async Task<int?> FollowAsync(Task end)
    {
        await end.ConfigureAwait(false);
        return null;
    }
}
