using System.Text;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Stages;

public sealed class StageResultTests
{
    [Fact]
    public void Read_ExampleWithPythonNumbers_WarnsWithStagePointerAndPosition()
    {
        var reading = StageResult.Read("initial", "results-initial.json", ContractExamples.Bytes("results-initial.json"));

        Assert.NotNull(reading.Result);
        Assert.True(reading.Result.Succeeded);
        Assert.False(reading.HasErrors);
        Assert.Equal(
            [("/data/loss", "NaN"), ("/data/curve/1", "Infinity"), ("/data/curve/2", "-Infinity")],
            reading.Problems.Select(p => (p.Pointer, p.Value!)));
        Assert.All(reading.Problems, p => Assert.Equal((ProblemSeverity.Warning, "initial", "results-initial.json"), (p.Severity, p.Stage, p.Origin)));
        Assert.Equal((2L, 34L), reading.Problems[0].Position);
        Assert.StartsWith("warning: stage initial in results-initial.json, /data/loss (line 2, column 34): ", reading.Problems[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    public void Read_PythonNumberInsideHttp_IsAnError(string word)
    {
        var reading = ContractExamples.Stage("{\"http\": {\"options\": {\"a\": [1, " + word + "]}}}");

        var problem = Assert.Single(reading.Problems);
        Assert.True(reading.HasErrors);
        Assert.Equal((ProblemSeverity.Error, "/http/options/a/1", word), (problem.Severity, problem.Pointer, problem.Value));
        Assert.Equal("""{"options": {"a": [1, null]}}""", reading.Result!.Http.ToString());
    }

    [Theory]
    [InlineData("""{"data": "NaN", "http": {"options": "Infinity \" NaN"}}""")]
    [InlineData("""{"NaN": 1, "data": {"-Infinity": [0, 0.0]}}""")]
    public void Read_TheWordsInsideStrings_AreText(string json)
        => Assert.Empty(ContractExamples.Stage(json).Problems);

    [Theory]
    [InlineData("""{"data": NaN5}""")]
    [InlineData("""{"data": -NaN}""")]
    [InlineData("""{"data": 1Infinity}""")]
    [InlineData("""{NaN: 1}""")]
    [InlineData("""{"data": nan}""")]
    [InlineData("""{"data": Infinit}""")]
    public void Read_NearlyTheWords_AreNotJson(string json)
    {
        var reading = ContractExamples.Stage(json);

        Assert.Null(reading.Result);
        Assert.NotNull(Assert.Single(reading.Problems).Position);
    }

    [Fact]
    public void Read_MillionsOfPythonNumbers_ListsFewAndCountsTheRest()
    {
        var reading = ContractExamples.Stage("{\"data\": [" + string.Join(",", Enumerable.Repeat("NaN", 2_000_000)) + "]}");

        Assert.NotNull(reading.Result);
        Assert.Equal(ProblemList.MaxListed + 1, reading.Problems.Length);
        Assert.Contains($"{2_000_000 - ProblemList.MaxListed} more", reading.Problems[^1].Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FailedStage_RepeatsTitleAndExplanation()
    {
        var reading = ContractExamples.Stage(
            """{"status": {"code": "error", "title": "No data", "explanation": "Only 3 users,\n need 100\u001b[31m", "backtrace": "..."}, "http": {"port": 1}}""");

        var problem = Assert.Single(reading.Problems);
        Assert.False(reading.Result!.Succeeded);
        Assert.Equal(("error", "No data"), (reading.Result.StatusCode, reading.Result.StatusTitle));
        Assert.Equal(("/status/code", "\"error\"", ProblemSeverity.Error), (problem.Pointer, problem.Value, problem.Severity));
        Assert.Contains("No data: Only 3 users,\\u000a need 100\\u001b[31m", problem.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data": 1}""", true)]
    [InlineData("""{"status": null}""", true)]
    [InlineData("""{"status": {"code": "success"}}""", true)]
    [InlineData("""{"status": {"code": "Success"}}""", false)]
    [InlineData("""{"status": {"code": null}}""", false)]
    [InlineData("""{"status": {}}""", false)]
    [InlineData("""{"status": "success"}""", false)]
    [InlineData("""{"status": ["success"]}""", false)]
    public void Read_Status_OnlySuccessOrNothingIsGood(string json, bool good)
    {
        var reading = ContractExamples.Stage(json);

        Assert.Equal(good, reading.Result!.Succeeded);
        Assert.Equal(!good, reading.HasErrors);
    }

    [Fact]
    public void Read_ByteOrderMark_IsAcceptedAndNotCounted()
    {
        var good = StageResult.Read("initial", "f", (byte[])[0xEF, 0xBB, 0xBF, .. """{"http": {}}"""u8]);
        var bad = StageResult.Read("initial", "f", (byte[])[0xEF, 0xBB, 0xBF, .. "{,}"u8]);

        Assert.Empty(good.Problems);
        Assert.Equal("{}", good.Result!.Http.ToString());
        Assert.Equal((1L, 2L), Assert.Single(bad.Problems).Position);
    }

    [Theory]
    [InlineData("{\"a\": 1,\n  \"b\": 2,\n  \"a\": 3}", 3, 3, "/a", "twice")]
    [InlineData("{\"x\": {\"a\": 1, \"\\u0061\": 3}}", 1, 16, "/x/a", "twice")]
    [InlineData("{\n  // why\n}", 2, 3, "", "comment")]
    [InlineData("{\"é\": [1, /* no */ 2]}", 1, 11, "/é/1", "comment")]
    [InlineData("{\"a\": [1, 2,]}", 1, 13, "/a/2", "comma")]
    [InlineData("{\"a\": 1,}", 1, 9, "", "comma")]
    public void Read_DuplicateCommentOrTrailingComma_IsAnErrorWithLineAndColumn(string json, long line, long column, string pointer, string word)
    {
        var reading = ContractExamples.Stage(json);

        var problem = Assert.Single(reading.Problems);
        Assert.Null(reading.Result);
        Assert.Equal(ProblemSeverity.Error, problem.Severity);
        Assert.Equal((line, column), problem.Position);
        Assert.Equal(pointer, problem.Pointer);
        Assert.Contains(word, problem.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(5000)]
    public void Read_DuplicateAmongManyKeys_IsFound(int keys)
    {
        var members = Enumerable.Range(0, keys).Select(i => $"\"k{i}\": {{\"same\": {i}}}").ToList();

        var good = ContractExamples.Stage("{" + string.Join(",", members) + "}");
        var bad = ContractExamples.Stage("{" + string.Join(",", members) + $",\"k{keys / 2}\": 0" + "}");

        Assert.Empty(good.Problems);
        Assert.Equal($"/k{keys / 2}", Assert.Single(bad.Problems).Pointer);
    }

    [Fact]
    public void Read_HttpIsKeptByteForByte_AndCopied()
    {
        const string Http = "{ \"options\" : {\"b\":4.0,\"a\":1e400, \"x\": 12345678901234567890123,\"s\":\"\\u00e9\\/\"} }";
        var bytes = Encoding.UTF8.GetBytes($"{{\"data\": 1, \"http\": {Http}}}");

        var result = StageResult.Read("initial", "f", bytes).Result!;
        Array.Clear(bytes);

        Assert.Equal(Http, result.Http.ToString());
    }

    [Theory]
    [InlineData("""{"http": null}""")]
    [InlineData("""{"data": {"http": {}}}""")]
    [InlineData("{}")]
    public void Read_NoHttp_IsNoProblem(string json)
    {
        var reading = ContractExamples.Stage(json);

        Assert.Null(reading.Result!.Http);
        Assert.Empty(reading.Problems);
    }
}
