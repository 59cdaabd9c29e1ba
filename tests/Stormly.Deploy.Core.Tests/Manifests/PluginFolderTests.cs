using Stormly.Deploy.Manifests;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Manifests;

public sealed class PluginFolderTests : IDisposable
{
    private const string Result = """{"http": {}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_ExampleFiles_FindsManifestAndResultsInStageOrder()
    {
        foreach (var name in new[] { "results-trainMore.json", "manifest-trainMore.json", "results-initial.json" })
        {
            File.Copy(ContractExamples.PathOf(name), Path.Combine(_folder.Path, name));
        }

        _folder.Write("server.py", "");
        _folder.Write("package.json", "not json");
        var read = PluginFolder.Read(_folder.Path);

        Assert.False(read.HasErrors);
        Assert.Equal("trainMore", read.Manifest!.Stage);
        Assert.Equal(Path.Combine(_folder.Path, "manifest-trainMore.json"), read.ManifestFile);
        Assert.Equal(["initial", "trainMore"], read.Results.Select(r => r.Stage));
        Assert.Equal(["results-initial.json", "results-trainMore.json"], read.ResultFiles.Select(Path.GetFileName));
        Assert.NotNull(HttpSpecMerge.Merge(read.Results).Spec);
    }

    [Fact]
    public void Read_AFileInPlaceOfTheFolder_SaysSo()
    {
        _folder.Write("churn", "");

        Assert.Equal("must be a plugin's folder, but is a file", Assert.Single(PluginFolder.Read(Path.Combine(_folder.Path, "churn")).Problems).Rule);
    }

    [Fact]
    public void Read_SingleFiles_TakeTheStageOfTheManifest()
    {
        _folder.Write("manifest.json", """{"stage": "initial"}""");
        _folder.Write("results.json", Result);

        var read = PluginFolder.Read(_folder.Path);

        Assert.Empty(read.Problems);
        Assert.Equal("initial", Assert.Single(read.Results).Stage);
    }

    [Fact]
    public void Read_StagesNamedAgainstTheAlphabet_FollowTheManifest()
    {
        _folder.Write("manifest.json", """{"stage": "b", "downloadUrls": {"z": "", "a": "", "b": ""}}""");
        foreach (var stage in new[] { "a", "b", "z" })
        {
            _folder.Write($"results-{stage}.json", Result);
        }

        Assert.Equal(["z", "a", "b"], PluginFolder.Read(_folder.Path).Results.Select(r => r.Stage));
    }

    [Fact]
    public void Read_SeveralManifests_TakesTheLastStages()
    {
        _folder.Write("manifest-initial.json", """{"stage": "initial"}""");
        _folder.Write("manifest-more.json", """{"stage": "more", "downloadUrls": {"initial": ""}}""");
        _folder.Write("results-initial.json", Result);
        _folder.Write("results-more.json", Result);

        var read = PluginFolder.Read(_folder.Path);

        Assert.Empty(read.Problems);
        Assert.Equal("more", read.Manifest!.Stage);
    }

    [Fact]
    public void Read_ManifestsThatDoNotKnowEachOther_IsAnError()
    {
        _folder.Write("manifest-a.json", """{"stage": "a"}""");
        _folder.Write("manifest-b.json", """{"stage": "b"}""");
        _folder.Write("results-a.json", Result);

        var read = PluginFolder.Read(_folder.Path);

        Assert.True(read.HasErrors);
        Assert.Null(read.Manifest);
        Assert.Contains("last stage", Assert.Single(read.Problems).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BothConventions_IsAnErrorForEachKind()
    {
        _folder.Write("manifest.json", """{"stage": "a"}""");
        _folder.Write("manifest-a.json", """{"stage": "a"}""");
        _folder.Write("results.json", Result);
        _folder.Write("results-a.json", Result);

        var errors = PluginFolder.Read(_folder.Path).Problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => p.Rule).ToList();

        Assert.Contains("must not have both manifest.json and manifest-a.json", errors);
        Assert.Contains("must not have both results.json and results-a.json", errors);
    }

    [Fact]
    public void Read_ResultOfAnUnknownStage_IsAnErrorAndAMissingOneAWarning()
    {
        _folder.Write("manifest.json", """{"stage": "b", "dataUrls": {"a": ""}}""");
        _folder.Write("results-b.json", Result);
        _folder.Write("results-other.json", Result);

        var read = PluginFolder.Read(_folder.Path);

        Assert.Equal(["b"], read.Results.Select(r => r.Stage));
        Assert.Equal(
            [(ProblemSeverity.Error, "has results-other.json, but the manifest knows no stage other; it knows a, b"), (ProblemSeverity.Warning, "has no results-a.json, although the stage a ran")],
            read.Problems.Select(p => (p.Severity, p.Rule)));
    }

    [Fact]
    public void Read_EmptyFolder_SaysWhatIsMissing()
    {
        var read = PluginFolder.Read(_folder.Path);

        Assert.Equal(2, read.Problems.Length);
        Assert.Contains("must have a manifest", read.Problems[0].Rule, StringComparison.Ordinal);
        Assert.Contains("must have results", read.Problems[1].Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("nul\0nul")]
    [InlineData("file.txt")]
    public void Read_NoFolder_IsAProblem(string name)
    {
        _folder.Write("file.txt", "");

        Assert.Equal(ProblemSeverity.Error, Assert.Single(PluginFolder.Read(Path.Combine(_folder.Path, name)).Problems).Severity);
    }

    [Fact]
    public void Read_BrokenFiles_NamesEachFile()
    {
        _folder.Write("manifest.json", """{"stage": "a", "metadata": NaN}""");
        _folder.Write("results-a.json", "{");
        _folder.Write("results-b.json", "[]");

        var read = PluginFolder.Read(_folder.Path);

        Assert.Null(read.Manifest);
        Assert.Empty(read.Results);
        Assert.Equal(["manifest.json", "results-a.json", "results-b.json"], read.Problems.Select(p => p.Origin!));
    }

    [Theory]
    [Trait("Fault", "65")]
    [InlineData("results-a\nb.json", "U+000A")]
    [InlineData("results-a\u202Eb.json", "U+202E")]
    [InlineData("results-..json", "begin and end")]
    [InlineData("results-.json", "empty")]
    [InlineData("results-a\\b.json", "'\\'")]
    public void Read_HostileFileNames_AreRefusedAndPrintable(string name, string word)
    {
        _folder.Write("manifest.json", """{"stage": "a"}""");
        _folder.Write("results-a.json", Result);
        _folder.Write(name, Result);

        var read = PluginFolder.Read(_folder.Path);

        var problem = Assert.Single(read.Problems);
        Assert.Equal(ProblemSeverity.Error, problem.Severity);
        Assert.Contains(word, problem.Rule, StringComparison.Ordinal);
        Assert.DoesNotContain(problem.ToString(), c => char.IsControl(c) || c == '\u202E');
        Assert.Equal(["a"], read.Results.Select(r => r.Stage));
    }

    [Fact]
    public void Read_NamedPipeInPlaceOfAResult_DoesNotWait()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "named pipes are made with mkfifo here");
        _folder.Write("manifest.json", """{"stage": "a"}""");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder.Path, "results-a.json")]))
        {
            mkfifo.WaitForExit();
        }

        var problem = Assert.Single(PluginFolder.Read(_folder.Path).Problems);

        Assert.Contains("empty", problem.Rule, StringComparison.Ordinal);
    }
}
