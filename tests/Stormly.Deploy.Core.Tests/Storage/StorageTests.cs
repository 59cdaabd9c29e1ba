using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Storage;

public sealed class StorageTests : IDisposable
{
    private static readonly PluginName Churn = PluginName.Parse("churn");

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-storage-");
    private readonly string _plugin;

    public StorageTests()
    {
        _plugin = _home.CreateSubdirectory("plugin").FullName;
        File.WriteAllText(Path.Combine(_plugin, "server.py"), "print(1)");
    }

    private string StatePath => Path.Combine(_home.FullName, "state");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public void Open_Twice_IsRefusedWithThePathAndTheHolderUntilTheFirstIsGone()
    {
        using (StateFolder.Open(StatePath))
        {
            var error = Assert.Throws<StorageException>(() => StateFolder.Open(StatePath));
            Assert.Contains(StatePath, error.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        }

        StateFolder.Open(StatePath).Dispose();
    }

    [Fact]
    [Trait("Fault", "50")]
    public void Open_PlaceIsAFile_SaysWhichPath()
    {
        File.WriteAllText(StatePath, "");

        Assert.Contains(StatePath, Assert.Throws<StorageException>(() => StateFolder.Open(StatePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_SameContent_IsTheSameRevisionAndReadsBackExactly()
    {
        using var state = StateFolder.Open(StatePath);
        var store = new RevisionStore(state);
        var first = store.Save(Content("""{"b": 4.0, "a": [1e3, "\u0041"]}"""), CancellationToken.None);
        var second = store.Save(Content("""{"b": 4.0, "a": [1e3, "\u0041"]}"""), CancellationToken.None);

        Assert.Equal(first.Id, second.Id);
        var back = store.Load(Churn, first.Id);
        Assert.Equal("""{"b": 4.0, "a": [1e3, "\u0041"]}""", back.Spec.Options!.Value.ToString());
        Assert.Equal(first.Spec.StartServerCmd, back.Spec.StartServerCmd);
        Assert.Equal(first.Spec.Values.Select(v => (v.Key, v.Stage)), back.Spec.Values.Select(v => (v.Key, v.Stage)));
        Assert.Equal("x=1", back.Environment["SECRET"]);
        Assert.Single(Directory.GetDirectories(Path.Combine(state.Revisions, "churn")));
    }

    [Fact]
    public void Save_AnythingThatInstancesSeeChanged_IsAnotherRevision()
    {
        using var state = StateFolder.Open(StatePath);
        var store = new RevisionStore(state);
        var ids = new List<string> { Save(Content("1")), Save(Content("2")), Save(Content("1", manifest: """{"stage": "initial", "metadata": {"x": 1}}""")) };
        File.WriteAllText(Path.Combine(_plugin, "server.py"), "print(2)");
        ids.Add(Save(Content("1")));
        File.WriteAllText(Path.Combine(_plugin, "empty"), "");
        ids.Add(Save(Content("1")));

        Assert.Equal(ids.Count, ids.Distinct().Count());
        string Save(RevisionContent content) => store.Save(content, CancellationToken.None).Id.Digest;
    }

    [Fact]
    public void Prune_ClockWasSetBackMeanwhile_RemovesTheOneThatWasStoredFirst()
    {
        using var state = StateFolder.Open(StatePath);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var store = new RevisionStore(state, time);
        var first = store.Save(Content("1"), CancellationToken.None).Id;
        time.AdjustTime(time.GetUtcNow().AddHours(-2));
        store.Save(Content("2"), CancellationToken.None);

        Assert.Equal([first], store.Prune(Churn, 1, []));
    }

    [Fact]
    public void Save_OnlyDownloadUrlsChanged_IsTheSameRevisionWithTheNewerOnes()
    {
        using var state = StateFolder.Open(StatePath);
        var store = new RevisionStore(state);
        var first = store.Save(Content("1", manifest: """{"stage": "initial", "downloadUrls": {"initial": "https://old"}, "x": 1}"""), CancellationToken.None);
        var second = store.Save(Content("1", manifest: """{"stage": "initial", "downloadUrls": {"initial": "https://new"}, "x": 1}"""), CancellationToken.None);

        Assert.Equal(first.Id, second.Id);
        Assert.Contains("https://new", store.Load(Churn, first.Id).Manifest.Raw.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_OnlyExplainChanged_IsAnotherRevisionThatInstancesCannotTellApart()
    {
        using var state = StateFolder.Open(StatePath);
        var store = new RevisionStore(state);
        var first = store.Save(Content("1", explain: """{"inputs": {}}"""), CancellationToken.None);
        var second = store.Save(Content("1", explain: """{"inputs": {"a": {}}}"""), CancellationToken.None);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.RuntimeDigest, second.RuntimeDigest);
    }

    [Fact]
    public void Save_Folder_IsCopiedWithoutTheRunsOwnDocumentsAndLinksAreNotFollowed()
    {
        using var state = StateFolder.Open(StatePath);
        var secret = Path.Combine(_home.FullName, "secret");
        File.WriteAllText(secret, "secret");
        Directory.CreateDirectory(Path.Combine(_plugin, ".git"));
        Directory.CreateDirectory(Path.Combine(_plugin, "lib", "__pycache__"));
        File.WriteAllText(Path.Combine(_plugin, "lib", "results.json"), "kept");
        File.WriteAllText(Path.Combine(_plugin, "results-initial.json"), "left");
        File.WriteAllText(Path.Combine(_plugin, "manifest.json"), "left");
        File.CreateSymbolicLink(Path.Combine(_plugin, "out"), secret);

        var files = new RevisionStore(state).Save(Content("1"), CancellationToken.None).Files;

        Assert.Equal(["lib", "lib/results.json", "out", "server.py"], Directory.GetFileSystemEntries(files, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(files, f)).Order(StringComparer.Ordinal));
        Assert.Equal(secret, new FileInfo(Path.Combine(files, "out")).LinkTarget);
        File.WriteAllText(Path.Combine(_plugin, "server.py"), "changed later");
        Assert.Equal("print(1)", File.ReadAllText(Path.Combine(files, "server.py")));
    }

    [Fact]
    [Trait("Fault", "49")]
    public void Save_FolderIsMissing_LeavesNothingHalfWritten()
    {
        using var state = StateFolder.Open(StatePath);
        Directory.Delete(_plugin, recursive: true);

        var error = Assert.Throws<StorageException>(() => new RevisionStore(state).Save(Content("1"), CancellationToken.None));

        Assert.Contains(_plugin, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(state.Revisions, "churn")));
    }

    [Fact]
    [Trait("Fault", "49")]
    public void Write_CannotBeFinished_SaysWhereAndLeavesNothingBehind()
    {
        var path = Path.Combine(_home.FullName, "file");
        AtomicFile.Write(path, "old"u8);
        Directory.CreateDirectory(Path.Combine(_home.FullName, "blocked"));

        var error = Assert.Throws<StorageException>(() => AtomicFile.Write(Path.Combine(_home.FullName, "blocked"), "new"u8));

        Assert.Contains("blocked", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Empty(Directory.GetFiles(_home.FullName, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Prune_MoreThanKept_RemovesTheOldestButNeverWhatIsUsed()
    {
        using var state = StateFolder.Open(StatePath);
        var store = new RevisionStore(state);
        var saved = Enumerable.Range(0, 4).Select(i => store.Save(Content($"{i}"), CancellationToken.None)).ToList();
        for (var i = 0; i < saved.Count; i++)
        {
            Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(saved[i].Files)!, DateTime.UnixEpoch.AddDays(i));
        }

        store.Prune(Churn, 2, [saved[0].Id]);

        Assert.Equal([true, false, true, true], saved.Select(s => Directory.Exists(s.Files)));
    }

    /// <summary>The host application may die in the middle: half a revision under its name would be taken for the whole one by the next deploy of the same content.</summary>
    [Theory]
    [Trait("Fault", "45")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prune_ARevision_TakesItsNameAwayBeforeAnythingOfItGoes(bool all)
    {
        using var state = StateFolder.Open(StatePath);
        var store = new RevisionStore(state);
        var revision = store.Save(Content("1"), CancellationToken.None);
        var first = new TaskCompletionSource<string>();
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetDirectoryName(revision.Files))!) { IncludeSubdirectories = true };
        watcher.Deleted += (_, change) => first.TrySetResult($"{change.Name} was deleted");
        watcher.Renamed += (_, change) => first.TrySetResult($"{change.OldName} was renamed");
        watcher.EnableRaisingEvents = true;

        if (all)
        {
            store.RemoveAll(Churn);
        }
        else
        {
            store.Prune(Churn, 0, []);
        }

        Assert.Equal($"{revision.Id.Digest} was renamed", await first.Task.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Throws<StorageException>(() => store.Load(Churn, revision.Id));
    }

    [Fact]
    [Trait("Fault", "66")]
    public void Create_ManifestSpoiltByAnInstance_IsWholeForTheNextOne()
    {
        using var state = StateFolder.Open(StatePath);
        var revision = new RevisionStore(state).Save(Content("""{"cmd": "$(rm -rf /) \" '"}"""), CancellationToken.None);
        var folders = new InstanceFolders(state);
        var first = folders.Create(new InstanceId("churn-1"), revision, revision.Manifest, CancellationToken.None);
        var text = File.ReadAllText(first.Manifest);
        File.WriteAllText(first.Manifest, "spoilt");
        File.WriteAllText(Path.Combine(first.Work, "server.py"), "spoilt");

        var second = folders.Create(new InstanceId("churn-2"), revision, revision.Manifest, CancellationToken.None);

        Assert.Equal(text, File.ReadAllText(second.Manifest));
        Assert.Contains("""{"cmd": "$(rm -rf /) \" '"}""", text, StringComparison.Ordinal);
        Assert.Equal("print(1)", File.ReadAllText(Path.Combine(second.Work, "server.py")));
        Assert.Empty(Directory.GetFileSystemEntries(second.Logs));
    }

    [Fact]
    public void Remove_FailedInstance_KeepsTheLogsOfTheLastThree()
    {
        using var state = StateFolder.Open(StatePath);
        var revision = new RevisionStore(state).Save(Content("1"), CancellationToken.None);
        var folders = new InstanceFolders(state);
        for (var i = 0; i < 5; i++)
        {
            var id = new InstanceId($"churn-{i}");
            File.WriteAllText(folders.Create(id, revision, revision.Manifest, CancellationToken.None).Log, $"words of {i}");
            folders.Remove(id, Churn, keepLog: true);
        }

        Assert.Empty(Directory.GetDirectories(state.Instances));
        Assert.Equal(InstanceFolders.FailedLogsKept, Directory.GetDirectories(Path.Combine(state.Path, "failed", "churn")).Length);
    }

    private RevisionContent Content(string options, string manifest = """{"stage": "initial", "metadata": {}}""", string? explain = null)
    {
        var result = Encoding.UTF8.GetBytes(
            $$"""{"http": {"port": 5000, "statusPath": "/s", "requestPath": "/r", "startServerCmd": "serve", "options": {{options}}{{(explain is null ? "" : $", \"explain\": {explain}")}} } }""");
        var spec = HttpSpecMerge.Merge([StageResult.Read("initial", "results.json", result).Result!]).Spec!;
        var environment = ImmutableDictionary<string, string>.Empty.Add("SECRET", "x=1");
        return new RevisionContent(Churn, spec, PluginManifest.Read("manifest.json", Encoding.UTF8.GetBytes(manifest)).Manifest!, _plugin, environment);
    }
}
