using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Storage;

/// <summary>The real file system's own words. Each test changes something once and waits until it was told of.</summary>
public sealed class SystemFolderWatcherTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-watch-");
    private readonly string _folder;
    private int _told;

    public SystemFolderWatcherTests() => _folder = _home.CreateSubdirectory("plugin").FullName;

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task Watch_FileDeepInside_IsToldOf()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "lib", "deep"));
        using var watch = Watch(_folder);

        await File.WriteAllTextAsync(Path.Combine(_folder, "lib", "deep", "model.bin"), "1", TestContext.Current.CancellationToken);

        await ToldAsync();
    }

    [Fact]
    public async Task Watch_LinkIsMadeToPointElsewhere_IsToldOf()
    {
        var link = Path.Combine(_home.FullName, "current");
        Directory.CreateSymbolicLink(link, _folder);
        using var watch = Watch(link);

        Directory.Delete(link);

        await ToldAsync();
    }

    [Fact]
    public async Task Watch_FolderIsRenamedAway_IsToldOf()
    {
        using var watch = Watch(_folder);

        Directory.Move(_folder, _folder + ".old");

        await ToldAsync();
    }

    [Fact]
    public async Task Watch_FolderIsNotThereYet_ItsComingIsToldOf()
    {
        using var watch = Watch(Path.Combine(_home.FullName, "later"));

        _home.CreateSubdirectory("later");

        await ToldAsync();
    }

    [Fact]
    public void Watch_NothingToListenTo_SaysSo()
        => Assert.ThrowsAny<IOException>(() => Watch(Path.Combine(_home.FullName, "gone", "deeper")));

    private IDisposable Watch(string folder) => new SystemFolderWatcher().Watch(folder, () => Interlocked.Increment(ref _told), _ => { });

    private Task ToldAsync() => Waiting.UntilAsync(() => Volatile.Read(ref _told) > 0, "the file system's word", TestContext.Current.CancellationToken);
}
