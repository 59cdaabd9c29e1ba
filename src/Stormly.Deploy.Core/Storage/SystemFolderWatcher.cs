namespace Stormly.Deploy.Storage;

/// <summary>
/// Listens to a folder with all that is in it, and to the place where it lies: a link that is made to point elsewhere, and a folder that is renamed, change
/// nothing inside.
/// </summary>
internal sealed class SystemFolderWatcher : IFolderWatcher
{
    private const NotifyFilters Names = NotifyFilters.FileName | NotifyFilters.DirectoryName;

    public IDisposable Watch(string folder, Action changed, Action<string> lost)
    {
        var watch = new FolderWatch(changed, lost);
        try
        {
            if (FolderGlance.RootOf(folder) is { } root)
            {
                watch.Add(new FileSystemWatcher(root) { IncludeSubdirectories = true, NotifyFilter = Names | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes });
            }

            if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } place)
            {
                watch.Add(new FileSystemWatcher(place, Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))) { NotifyFilter = Names });
            }

            return watch;
        }
        catch (Exception error)
        {
            watch.Dispose();
            if (error is ArgumentException)
            {
                throw new IOException(error.Message, error);
            }

            throw;
        }
    }

    private sealed class FolderWatch(Action changed, Action<string> lost) : IDisposable
    {
        private readonly List<FileSystemWatcher> _watchers = [];

        public void Add(FileSystemWatcher watcher)
        {
            _watchers.Add(watcher);
            watcher.Changed += OnChange;
            watcher.Created += OnChange;
            watcher.Deleted += OnChange;
            watcher.Renamed += OnRename;
            watcher.Error += OnError;
            watcher.EnableRaisingEvents = true;
        }

        public void Dispose()
        {
            foreach (var watcher in _watchers)
            {
                watcher.Dispose();
            }
        }

        private static bool Counts(string? path) => path is null || !PluginFiles.IsIgnored(path.Replace(Path.DirectorySeparatorChar, '/'));

        private void OnChange(object sender, FileSystemEventArgs change)
        {
            if (Counts(change.Name))
            {
                changed();
            }
        }

        private void OnRename(object sender, RenamedEventArgs change)
        {
            if (Counts(change.Name) || Counts(change.OldName))
            {
                changed();
            }
        }

        private void OnError(object sender, ErrorEventArgs error) => lost(error.GetException().Message);
    }
}
