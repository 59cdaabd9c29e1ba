namespace Stormly.Deploy.Storage;

public sealed class FolderGlanceTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-glance-");
    private readonly string _folder;

    public FolderGlanceTests()
    {
        _folder = _home.CreateSubdirectory("plugin").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "lib"));
        Write("server.py", "1");
        Write("lib/model.bin", "1");
        Write("results.json", "{}");
    }

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public void Take_NothingChanged_LooksTheSame() => Assert.Equal(FolderGlance.Take(_folder), FolderGlance.Take(_folder));

    [Theory]
    [InlineData("new.py")]
    [InlineData("server.py")]
    [InlineData("lib/model.bin")]
    [InlineData("lib/deep/new")]
    [InlineData("results.json")]
    [InlineData("manifest.json")]
    public void Take_FileWritten_LooksDifferent(string path)
    {
        var before = FolderGlance.Take(_folder);

        Write(path, "something longer");

        Assert.NotEqual(before, FolderGlance.Take(_folder));
    }

    [Theory]
    [InlineData("__pycache__/server.pyc")]
    [InlineData("lib/__pycache__/model.pyc")]
    [InlineData(".git/index")]
    public void Take_SomethingThatMeansNothing_LooksTheSame(string path)
    {
        var before = FolderGlance.Take(_folder);

        Write(path, "1");

        Assert.Equal(before, FolderGlance.Take(_folder));
        Assert.True(PluginFiles.IsLeftOut(path));
    }

    [Fact]
    public void Take_OtherContentOfTheSameSizeWithTheOldDate_LooksDifferent()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("only Linux tells when a file was really changed");
        }

        var file = Path.Combine(_folder, "server.py");
        var before = FolderGlance.Take(_folder);
        var date = File.GetLastWriteTimeUtc(file);
        var draft = Path.Combine(_home.FullName, "draft");
        File.WriteAllText(draft, "2");
        File.SetLastWriteTimeUtc(draft, date);

        File.Move(draft, file, overwrite: true);

        Assert.NotEqual(before, FolderGlance.Take(_folder));
    }

    [Fact]
    public void Take_LinkToAnotherFolderThatIsJustTheSame_LooksDifferentAndNamesIt()
    {
        var link = Path.Combine(_home.FullName, "current");
        var other = _home.CreateSubdirectory("other").FullName;
        var empty = _home.CreateSubdirectory("empty").FullName;
        Directory.CreateSymbolicLink(link, empty);
        var before = FolderGlance.Take(link);
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, other);

        var after = FolderGlance.Take(link);

        Assert.NotEqual(before.Mark, after.Mark);
        Assert.Equal((empty, other), (before.Root, after.Root));
    }

    [Fact]
    public void Take_NoFolderOrAFileOrALinkToNowhere_IsMissing()
    {
        File.CreateSymbolicLink(Path.Combine(_home.FullName, "nowhere"), Path.Combine(_home.FullName, "gone"));

        Assert.All(
            new[] { Path.Combine(_home.FullName, "gone"), Path.Combine(_folder, "server.py"), Path.Combine(_home.FullName, "nowhere") },
            path => Assert.Equal(new FolderGlance("missing", null), FolderGlance.Take(path)));
    }

    [Theory]
    [InlineData("server.py", false, false)]
    [InlineData("results.json", true, false)]
    [InlineData("results-initial.json", true, false)]
    [InlineData("manifest-trainMore.json", true, false)]
    [InlineData("lib/results.json", false, false)]
    [InlineData("results.txt", false, false)]
    [InlineData(".gitignore", false, false)]
    [InlineData(".git", true, true)]
    [InlineData("lib/__pycache__", true, true)]
    [InlineData("lib/__pycache__/a/b", true, true)]
    public void PluginFiles_Path_IsLeftOutOfRevisionsOrMeansNothingAtAll(string path, bool leftOut, bool ignored)
        => Assert.Equal((leftOut, ignored), (PluginFiles.IsLeftOut(path), PluginFiles.IsIgnored(path)));

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
