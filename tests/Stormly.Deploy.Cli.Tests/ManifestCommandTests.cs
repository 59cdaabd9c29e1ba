namespace Stormly.Deploy.Cli.Tests;

public sealed class ManifestCommandTests : IDisposable
{
    private readonly PluginFiles _files = PluginFiles.OfExamples();

    private readonly string _expected = File.ReadAllText(ToolRun.Example("server-manifest.expected.json"));

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Manifest_Examples_WritesTheExpectedFileToStandardOutput()
    {
        var run = ToolRun.Of(
            "manifest", _files.PathOf("results-initial.json"), _files.PathOf("results-trainMore.json"), "--manifest", _files.PathOf("manifest-trainMore.json"));

        Assert.Equal((0, _expected), (run.Exit, run.Output));
        Assert.Contains("warning /data/loss", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_FolderAndTarget_ReplacesTheFileAndLeavesNothingElse()
    {
        var target = _files.Write("server-manifest.json", "old");

        var run = ToolRun.Of("manifest", _files.Folder, "-o", target);

        Assert.Equal((0, ""), (run.Exit, run.Output));
        Assert.Equal(_expected, File.ReadAllText(target));
        Assert.Equal(4, Directory.GetFileSystemEntries(_files.Folder).Length);
    }

    [Fact]
    public void Manifest_BadPlugin_WritesNothingAndPrintsTheErrors()
    {
        var target = _files.Write("server-manifest.json", "old");
        _files.Write("results-trainMore.json", """{"http": {"port": 0}}""");

        var run = ToolRun.Of("manifest", _files.Folder, "-o", target);

        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains("error   /http/port: must be an integer from 1 to 65535, was: 0", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("No manifest was written." + Environment.NewLine, run.Error, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(target));
    }

    [Fact]
    public void Manifest_TargetThatCannotBeWritten_FailsAndLeavesNothing()
    {
        var folder = Directory.CreateDirectory(_files.PathOf("taken")).FullName;
        var before = Directory.GetFileSystemEntries(_files.Folder).Order().ToList();

        var taken = ToolRun.Of("manifest", _files.Folder, "-o", folder);
        var nowhere = ToolRun.Of("manifest", _files.Folder, "-o", _files.PathOf("missing/server.json"));

        Assert.Equal((1, 1), (taken.Exit, nowhere.Exit));
        Assert.Contains("was not written: ", taken.Error, StringComparison.Ordinal);
        Assert.Contains($"was not written: there is no folder '{_files.PathOf("missing")}'.", nowhere.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_files.Folder).Order());
    }

    [Fact]
    public void Manifest_BrokenManifest_Fails()
    {
        _files.Write("manifest-trainMore.json", """{"stage": "trainMore",}""");

        var run = ToolRun.Of("manifest", _files.Folder);

        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains("line 1, column 23: must be JSON, but there is a comma", run.Error, StringComparison.Ordinal);
    }
}
