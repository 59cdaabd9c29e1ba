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
}
