namespace Stormly.Deploy.Storage;

/// <summary>Has the file system tell of changes. What it does not tell of must be found in another way.</summary>
internal interface IFolderWatcher
{
    /// <summary>Begins to listen.</summary>
    /// <param name="folder">The folder, or a link to it: that it is exchanged is told of as well.</param>
    /// <param name="changed">Called for every change of what counts, on any thread.</param>
    /// <param name="lost">Called with the reason when changes may have been missed.</param>
    /// <returns>Ends it.</returns>
    /// <exception cref="IOException">The file system cannot tell, or its limits are reached.</exception>
    IDisposable Watch(string folder, Action changed, Action<string> lost);
}
