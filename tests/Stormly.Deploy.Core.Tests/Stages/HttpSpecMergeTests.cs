using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Stages;

public sealed class HttpSpecMergeTests
{
    [Fact]
    public void Merge_ExampleStages_KeepsProvenanceAndExactText()
    {
        var reading = HttpSpecMerge.Merge([ContractExamples.Initial(), ContractExamples.TrainMore()]);

        Assert.Empty(reading.Problems);
        var spec = reading.Spec!;
        Assert.Equal(
            (5000, "/status_check", "/predict", "FLASK_APP=server.py flask run -h 0.0.0.0 -p 5000"),
            (spec.Port, spec.StatusPath, spec.RequestPath, spec.StartServerCmd));
        Assert.Equal("""{ "arg1": 1, "arg2": "abc", "weights": [1e-3, 0.30000000000000004, 12345678901234567890] }""", spec.Options.ToString());
        Assert.Equal(["port", "statusPath", "requestPath", "startServerCmd", "options", "explain"], spec.Values.Select(v => v.Key));
        Assert.Equal(["initial", "initial", "initial", "initial", "trainMore", "trainMore"], spec.Values.Select(v => v.Stage));
        Assert.Equal(["initial"], spec.Values.Single(v => v.Key == "options").Overrode);
        Assert.Empty(spec.Values.Single(v => v.Key == "explain").Overrode);
    }

    [Fact]
    [Trait("Fault", "64")]
    public void Merge_LaterStages_ReplaceWholeValuesAndNullRemoves()
    {
        var reading = ContractExamples.Merge(
            ContractExamples.Http(("options", """{"a": 1, "b": [1]}"""), ("explain", "{}")),
            """{"options": {"c": 1}, "port": 6000, "explain": null}""",
            """{"options": [2], "__proto__": {"port": 1}}""");

        var spec = reading.Spec!;
        Assert.Equal(6000, spec.Port);
        Assert.Equal("[2]", spec.Options.ToString());
        Assert.Null(spec.Explain);
        Assert.DoesNotContain(spec.Values, v => v.Key == "explain");
        var options = spec.Values.Single(v => v.Key == "options");
        Assert.Equal("s3", options.Stage);
        Assert.Equal(["s1", "s2"], options.Overrode);
        Assert.Equal("""{"port": 1}""", spec.Values.Single(v => v.Key == "__proto__").Value.ToString());
        Assert.Equal(("/http/__proto__", ProblemSeverity.Warning, "s3"), reading.Problems.Select(p => (p.Pointer, p.Severity, p.Stage)).Single());
    }

    [Fact]
    public void Merge_ManyMistakes_ReportsAllAtOnceInDocumentOrder()
    {
        var reading = ContractExamples.Merge("""{"port": "x", "statusPath": "s"}""", """{"requestPath": "//r", "Port": 1, "x/y~z": []}""");

        Assert.Null(reading.Spec);
        Assert.Equal(
            [("s1", "/http/port"), ("s1", "/http/statusPath"), ("s2", "/http/requestPath"), ("s2", "/http/Port"), ("s2", "/http/x~1y~0z"), ("merged", "/http/startServerCmd")],
            reading.Problems.Select(p => (p.Stage, p.Pointer)));
        Assert.All(reading.Problems, p => Assert.False(string.IsNullOrEmpty(p.Rule) || string.IsNullOrEmpty(p.Remedy)));
        Assert.Equal(5, reading.Values.Length);
    }

    [Theory]
    [InlineData("port")]
    [InlineData("statusPath")]
    [InlineData("requestPath")]
    [InlineData("startServerCmd")]
    public void Merge_RequiredKey_MustBeThereAfterTheMerge(string key)
    {
        var absent = Assert.Single(ContractExamples.Merge(ContractExamples.Http((key, null))).Problems);
        var removed = Assert.Single(ContractExamples.Merge(ContractExamples.Http(), $$"""{"{{key}}": null}""").Problems);

        Assert.Equal((ProblemSeverity.Error, "merged", $"/http/{key}"), (absent.Severity, absent.Stage, absent.Pointer));
        Assert.Equal((ProblemSeverity.Error, "s2", $"/http/{key}", "null"), (removed.Severity, removed.Stage, removed.Pointer, removed.Value));
        Assert.Contains("removes it", removed.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_NullAndThenAValue_IsThatValue()
    {
        var spec = ContractExamples.Merge(ContractExamples.Http(), """{"port": null}""", """{"port": 7000}""").Spec!;

        Assert.Equal(7000, spec.Port);
        Assert.Equal(["s1", "s2"], spec.Values.Single(v => v.Key == "port").Overrode);
    }

    [Fact]
    public void Merge_NullWithNothingBefore_SaysNothing()
        => Assert.Empty(ContractExamples.Merge(ContractExamples.Http(("options", "null"), ("frobnicate", "null"))).Problems);

    [Fact]
    public void Merge_BadValueThatALaterStageReplaced_IsOnlyAWarning()
    {
        var reading = ContractExamples.Merge(ContractExamples.Http(("port", "\"5000\"")), """{"port": 5000}""");

        var problem = Assert.Single(reading.Problems);
        Assert.NotNull(reading.Spec);
        Assert.Equal((ProblemSeverity.Warning, "s1", "/http/port"), (problem.Severity, problem.Stage, problem.Pointer));
        Assert.Contains("stage s2 replaces", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_NoStageWithHttp_IsOneClearProblem()
    {
        foreach (var stages in new StageResult[][] { [], [ContractExamples.Stage("{}").Result!, ContractExamples.Stage("""{"http": null}""").Result!] })
        {
            var reading = HttpSpecMerge.Merge(stages);

            Assert.Null(reading.Spec);
            Assert.Contains("is not deployable", Assert.Single(reading.Problems).Rule, StringComparison.Ordinal);
        }
    }

    [Theory]
    [Trait("Fault", "64")]
    [InlineData("Port", "port")]
    [InlineData("PORT", "port")]
    [InlineData("statuspath", "statusPath")]
    [InlineData("status_path", "statusPath")]
    [InlineData("startServerCommand", "startServerCmd")]
    [InlineData("start_server_cmd", "startServerCmd")]
    [InlineData("startSeverCmd", "startServerCmd")]
    [InlineData("option", "options")]
    [InlineData("explian", "explain")]
    [InlineData("reqestPath", "requestPath")]
    [InlineData("frobnicate", null)]
    [InlineData("__proto__", null)]
    [InlineData("constructor", null)]
    [InlineData("", null)]
    public void Merge_UnknownKey_IsKeptWithAWarningAndAHint(string key, string? meant)
    {
        var reading = ContractExamples.Merge(ContractExamples.Http((key, "1")));

        var problem = Assert.Single(reading.Problems);
        Assert.Equal(ProblemSeverity.Warning, problem.Severity);
        Assert.Equal("1", reading.Spec!.Values.Single(v => v.Key == key).Value.ToString());
        Assert.Equal(meant is not null, problem.Remedy.Contains($"Did you mean \"{meant}\"?", StringComparison.Ordinal));
        Assert.Equal(meant is null, problem.Remedy.Contains("Known keys are", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "64")]
    public void Merge_EscapedKeys_AreTheSameKeys()
    {
        var spec = ContractExamples.Merge(ContractExamples.Http(), """{"p\u006frt": 6000, "\u0078": 1}""", """{"x": 2}""").Spec!;

        Assert.Equal(6000, spec.Port);
        Assert.Equal(["s2"], spec.Values.Single(v => v.Key == "x").Overrode);
    }

    [Fact]
    [Trait("Fault", "64")]
    public void Merge_TenMegabytesOfOptions_AreAnExactSlice()
    {
        var options = "[" + string.Join(", ", Enumerable.Repeat("0.10000000000000000001", 450_000)) + "]";
        Assert.InRange(options.Length, 10_000_000, 20_000_000);

        Assert.Equal(options, ContractExamples.Merge(ContractExamples.Http(("options", options))).Spec!.Options.ToString());
    }

    [Fact]
    public void Merge_HundredThousandUnknownKeys_ListsFewProblems()
    {
        var many = string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"unknown{i}\": 1"));

        var reading = ContractExamples.Merge(ContractExamples.Http(), $"{{{many}}}", $"{{{many}}}");

        Assert.Equal(100_004, reading.Spec!.Values.Length);
        Assert.Equal(ProblemList.MaxListed + 1, reading.Problems.Length);
        Assert.Equal(["s2"], reading.Values[^1].Overrode);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("4.0")]
    [InlineData("\"\\u00e9\\/\"")]
    [InlineData("[ ]")]
    [InlineData("{ \"b\" : 1 , \"a\" : 12345678901234567890 }")]
    public void Merge_Options_MayBeAnyJsonAndKeepTheirText(string options)
        => Assert.Equal(options == "null" ? null : options, ContractExamples.Merge(ContractExamples.Http(("options", options))).Spec!.Options?.ToString());
}
