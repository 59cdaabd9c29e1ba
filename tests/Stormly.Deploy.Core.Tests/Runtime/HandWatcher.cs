using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>A file system that tells of changes when a test says so, and never by itself.</summary>
internal sealed class HandWatcher : IFolderWatcher
{
    private readonly Lock _lock = new();
    private readonly List<Watch> _watches = [];

    /// <summary>Thrown by the next watches; null lets them be.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>How often somebody began to listen.</summary>
    public int Begun { get; private set; }

    public int Listening
    {
        get
        {
            lock (_lock)
            {
                return _watches.Count;
            }
        }
    }

    public void Touch() => Each(w => w.Changed());

    public void Lose(string reason) => Each(w => w.Lost(reason));

    IDisposable IFolderWatcher.Watch(string folder, Action changed, Action<string> lost)
    {
        lock (_lock)
        {
            Begun++;
            if (Refusal is { } refusal)
            {
                throw refusal;
            }

            var watch = new Watch(this, changed, lost);
            _watches.Add(watch);
            return watch;
        }
    }

    private void Each(Action<Watch> what)
    {
        Watch[] all;
        lock (_lock)
        {
            all = [.. _watches];
        }

        Array.ForEach(all, what);
    }

    private sealed class Watch(HandWatcher owner, Action changed, Action<string> lost) : IDisposable
    {
        public Action Changed => changed;

        public Action<string> Lost => lost;

        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._watches.Remove(this);
            }
        }
    }
}
