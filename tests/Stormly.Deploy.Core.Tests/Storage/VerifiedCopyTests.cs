using System.Collections.Immutable;
using System.Text;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Storage;

public sealed class VerifiedCopyTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-copy-");
    private readonly StateFolder _state;
    private readonly RevisionStore _store;

    public VerifiedCopyTests()
    {
        _home.CreateSubdirectory("plugin");
        Write("model.bin", "1");
        _state = StateFolder.Open(Path.Combine(_home.FullName, "state"));
        _store = new RevisionStore(_state);
    }

    private string Plugin => Path.Combine(_home.FullName, "plugin");

    private string[] Left => Directory.Exists(Path.Combine(_state.Revisions, "churn")) ? Directory.GetFileSystemEntries(Path.Combine(_state.Revisions, "churn")) : [];

    public void Dispose()
    {
        _state.Dispose();
        _home.Delete(recursive: true);
    }

    [Fact]
    public async Task TakeAsync_NothingChanges_IsTheCopyThatThenIsTheRevision()
    {
        using var draft = await TakeAsync(() => Content("2"));

        Assert.Equal(draft!.Id, VerifiedCopy.Digest(Content("2"), CancellationToken.None).Id);
        Assert.Equal(draft.Id, _store.Keep(draft).Id);
        draft.Dispose();
        Assert.Equal(draft.Id.Digest, Path.GetFileName(Assert.Single(Left)));
    }

    [Theory]
    [InlineData("model.bin")]
    [InlineData("another.bin")]
    public async Task TakeAsync_FileChangesWhileItIsCopied_IsNothingAndLeavesNothing(string file)
    {
        var draft = await TakeAsync(() =>
        {
            Write(file, "2");
            return Content("2");
        });

        Assert.Null(draft);
        Assert.Empty(Left);
    }

    [Fact]
    public async Task TakeAsync_ResultsChangeOrCannotBeReadAnyMore_IsNothingAndLeavesNothing()
    {
        Assert.Null(await TakeAsync(() => Content("3")));
        Assert.Null(await TakeAsync(() => throw new PluginSpecException("churn", [])));
        await Assert.ThrowsAsync<OperationCanceledException>(() => TakeAsync(() => throw new OperationCanceledException()));

        Assert.Empty(Left);
    }

    [Theory]
    [InlineData("secret.bin")]
    [InlineData("secret/model.bin")]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void Save_SomethingCannotBeRead_NamesItAndNotTheDiskOfTheState(string file)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName != "root", "everything can be read here");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Plugin, file))!);
        Write(file, "1");
        var locked = Path.Combine(Plugin, file.Split('/')[0]);
        File.SetUnixFileMode(locked, UnixFileMode.None);

        var error = Assert.Throws<StorageException>(() => _store.Save(Content("2"), CancellationToken.None));

        File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.StartsWith($"'{locked}' cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.Empty(Left);
    }

    [Theory]
    [InlineData("files/model.bin")]
    [InlineData("files")]
    [InlineData("spec.json")]
    public void Save_StoredRevisionWasDamaged_IsStoredAnew(string lost)
    {
        Directory.CreateDirectory(Path.Combine(Plugin, "lib"));
        Write("lib/util.py", "1");
        File.CreateSymbolicLink(Path.Combine(Plugin, "link"), "nowhere");
        var first = _store.Save(Content("2"), CancellationToken.None);
        var path = Path.Combine(Path.GetDirectoryName(first.Files)!, lost);
        Assert.True(Path.Exists(path));
        var written = Directory.GetCreationTimeUtc(first.Files);
        Assert.Equal(first.Id, _store.Save(Content("2"), CancellationToken.None).Id);
        Assert.Equal(written, Directory.GetCreationTimeUtc(first.Files));
        if (lost == "files")
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        var again = _store.Save(Content("2"), CancellationToken.None);

        Assert.Equal((first.Id, first.Files), (again.Id, again.Files));
        Assert.Equal("1", File.ReadAllText(Path.Combine(again.Files, "model.bin")));
        Assert.Equal("1", File.ReadAllText(Path.Combine(again.Files, "lib", "util.py")));
        Assert.Equal(first.Id, _store.Load(first.Plugin, first.Id).Id);
        Assert.Single(Left);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/../link")]
    public void Save_StateFolderLiesInThePluginsFolder_IsRefusedInWords(string end)
    {
        Directory.CreateSymbolicLink(Path.Combine(_home.FullName, "link"), Plugin);
        using var inside = StateFolder.Open(Path.Combine(Plugin, "state"));
        var content = Content("2") with { Folder = Plugin + end };

        var error = Assert.Throws<StorageException>(() => new RevisionStore(inside).Save(content, CancellationToken.None));

        Assert.StartsWith($"The state folder '{inside.Path}' lies in the plugin's folder", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(inside.Revisions));
    }

    private Task<RevisionDraft?> TakeAsync(Func<RevisionContent> again)
        => VerifiedCopy.TakeAsync(_store, Content("2"), _ => Task.FromResult(again()), TestContext.Current.CancellationToken);

    private RevisionContent Content(string options)
    {
        var result = StageResult.Read("initial", "results.json", Encoding.UTF8.GetBytes(
            $$$"""{"http": {"port": 5000, "statusPath": "/s", "requestPath": "/r", "startServerCmd": "c", "options": {{{options}}} } }"""));
        var manifest = PluginManifest.Read("manifest.json", """{"stage": "initial", "metadata": {}}"""u8.ToArray()).Manifest!;
        return new RevisionContent(PluginName.Parse("churn"), HttpSpecMerge.Merge([result.Result!]).Spec!, manifest, Plugin, ImmutableDictionary<string, string>.Empty);
    }

    private void Write(string path, string text) => File.WriteAllText(Path.Combine(Plugin, path), text);
}
