using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Stages;

public sealed class StageFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("results-trainMore.json", "trainMore")]
    [InlineData("a/b/results-initial.json", "initial")]
    [InlineData("results.json", "initial")]
    [InlineData("results-a-b.json", "a-b")]
    [InlineData("output.json", "output")]
    [InlineData(".json", "initial")]
    public void StageOf_FileName_IsItsStage(string path, string stage) => Assert.Equal(stage, StageFiles.StageOf(path));

    [Theory]
    [Trait("Fault", "65")]
    [InlineData("trainMore", null)]
    [InlineData("train more-2.b_ä", null)]
    [InlineData("", "must not be empty")]
    [InlineData("  ", "must not be empty")]
    [InlineData(null, "must not be empty")]
    [InlineData("../a", "'/'")]
    [InlineData("..", "must begin and end")]
    [InlineData("a.", "must begin and end")]
    [InlineData(" a", "must begin and end")]
    [InlineData("a\\b", "'\\'")]
    [InlineData("a\0", "U+0000")]
    [InlineData("a\n", "U+000A")]
    [InlineData("a\u202E", "U+202E")]
    [InlineData("<b>", "'<'")]
    public void FindProblem_StageName_IsSafeToShowAndToUseInAFileName(string? stage, string? rule)
    {
        var problem = StageFiles.FindProblem(stage);

        Assert.Equal(rule is null, problem is null);
        Assert.Contains(rule ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "65")]
    public void FindProblem_LongStageName_IsRefused()
    {
        Assert.Null(StageFiles.FindProblem(new string('a', StageFiles.MaxStageLength)));
        Assert.Contains("at most 100", StageFiles.FindProblem(new string('a', StageFiles.MaxStageLength + 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_GoodFile_TakesStageAndOriginFromItsName()
    {
        var result = StageResult.ReadFile(_folder.Write("results-trainMore.json", """{"http": {}}""")).Result!;

        Assert.Equal(("trainMore", "results-trainMore.json"), (result.Stage, result.Origin));
        Assert.Equal("other", StageResult.ReadFile(_folder.Write("results-trainMore.json", "{}"), "other").Result!.Stage);
    }

    [Theory]
    [InlineData("missing.json", "no such file")]
    [InlineData("missing/results.json", "no such file")]
    [InlineData("empty.json", "empty")]
    [InlineData(".", "folder")]
    [InlineData("nul\0.json", "must be readable")]
    public void ReadFile_FileThatCannotBeRead_IsAProblemNotAnException(string name, string word)
    {
        _folder.Write("empty.json", "");

        var reading = StageResult.ReadFile(Path.Combine(_folder.Path, name));

        Assert.Null(reading.Result);
        var problem = Assert.Single(reading.Problems);
        Assert.Contains(word, problem.Rule, StringComparison.Ordinal);
        Assert.DoesNotContain(problem.ToString(), char.IsControl);
    }

    [Fact]
    public void ReadFile_HugeFile_IsRefusedWithoutReadingItAll()
    {
        var path = Path.Combine(_folder.Path, "results.json");
        using (var file = File.Create(path))
        {
            file.SetLength(StageResult.MaxBytes + 1L);
        }

        Assert.Contains("at most 67108864 bytes", Assert.Single(StageResult.ReadFile(path).Problems).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_ForbiddenFile_IsAProblem()
    {
        var path = _folder.Write("results.json", "{}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        Assert.SkipWhen(CanRead(path), "this user may read every file");

        Assert.Contains("must be readable", Assert.Single(StageResult.ReadFile(path).Problems).Rule, StringComparison.Ordinal);
    }

    private static bool CanRead(string path)
    {
        try
        {
            File.ReadAllBytes(path);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
