using System.Runtime.InteropServices;

namespace Stormly.Deploy.Process.Linux;

/// <summary>
/// Waits for the end of processes that are no children of this one, all of them on one thread, by their descriptors: told within a millisecond, also
/// where nobody reaps them. The thread begins with the first process and ends with the watch.
/// </summary>
internal sealed class PidWatch : IDisposable
{
    private readonly Dictionary<PidHandle, TaskCompletionSource> _watched = [];
    private readonly Lock _lock = new();
    private int _wake = -1;
    private bool _over;

    /// <summary>Watches a process from now on.</summary>
    /// <param name="handle">Its descriptor, which belongs to the watch from now on.</param>
    /// <returns>Completes, and never fails, when the process has ended; never where it was forgotten before.</returns>
    /// <exception cref="IOException">There is no descriptor left to be woken by.</exception>
    public Task WatchAsync(PidHandle handle)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_over, this);
            Begin_NeedsLock();
            _watched.Add(handle, ended);
            Native.Wake(_wake);
        }

        return ended.Task;
    }

    /// <summary>Watches a process no longer. Idempotent.</summary>
    /// <param name="handle">Its descriptor.</param>
    public void Forget(PidHandle handle)
    {
        lock (_lock)
        {
            if (_watched.Remove(handle))
            {
                handle.Dispose();
                Native.Wake(_wake);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_over && _wake >= 0)
            {
                Native.Wake(_wake);
            }

            _over = true;
        }
    }

    private void Begin_NeedsLock()
    {
        if (_wake >= 0)
        {
            return;
        }

        _wake = Native.EventDescriptor();
        if (_wake < 0)
        {
            throw new IOException($"No descriptor is left to watch processes with (eventfd, errno {Marshal.GetLastPInvokeError()}). Raise the limit of open files.");
        }

        new Thread(Run) { IsBackground = true, Name = "stormly-pid-watch" }.Start();
    }

    private void Run()
    {
        while (true)
        {
            var (handles, entries) = List();
            if (handles is null)
            {
                return;
            }

            // Where the wait was interrupted nothing is noted in the entries.
            _ = Native.Poll(entries);
            if (entries[0].Came != 0)
            {
                Native.Calm(_wake);
            }

            for (var i = 0; i < handles.Length; i++)
            {
                if (entries[i + 1].Came != 0)
                {
                    End(handles[i]);
                }

                handles[i].DangerousRelease();
            }
        }
    }

    /// <summary>What is waited for, each descriptor held open for the length of the wait; null, with everything closed, where the watch is over.</summary>
    private (PidHandle[]? Handles, PollDescriptor[] Entries) List()
    {
        lock (_lock)
        {
            if (_over)
            {
                foreach (var handle in _watched.Keys)
                {
                    handle.Dispose();
                }

                _watched.Clear();
                _ = Native.Close(_wake);
                return (null, []);
            }

            var handles = _watched.Keys.ToArray();
            var entries = new PollDescriptor[handles.Length + 1];
            entries[0] = new PollDescriptor { Descriptor = _wake, Events = Native.PollIn };
            for (var i = 0; i < handles.Length; i++)
            {
                var held = false;
                handles[i].DangerousAddRef(ref held);
                entries[i + 1] = new PollDescriptor { Descriptor = (int)handles[i].DangerousGetHandle(), Events = Native.PollIn };
            }

            return (handles, entries);
        }
    }

    private void End(PidHandle handle)
    {
        lock (_lock)
        {
            if (_watched.Remove(handle, out var ended))
            {
                handle.Dispose();
                ended.SetResult();
            }
        }
    }
}
