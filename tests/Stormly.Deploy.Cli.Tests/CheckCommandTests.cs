using System.Text.Json;

namespace Stormly.Deploy.Cli.Tests;

public sealed class CheckCommandTests : IDisposable
{
    private readonly PluginFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Check_Examples_PrintsEveryValueWithItsOriginAndSucceedsDespiteWarnings()
    {
        var run = ToolRun.Of("check", ToolRun.Example("results-initial.json"), ToolRun.Example("results-trainMore.json"));

        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("http, merged from initial, trainMore\n  port            5000  (initial)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("12345678901234567890] }  (trainMore, overrode initial)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  initial in results-initial.json\n    warning /data/loss, line 2, column 34: ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("Can be deployed: 0 errors, 3 warnings.\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("features", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WithManifest_ListsFeaturesInputsAndProblemsOfExplain()
    {
        var results = _files.Write("results-trainMore.json", $$"""{"http": {{PluginFiles.GoodHttp[..^1]}}, "explain": {"inputs": {"plan": {"importance": 7} } } } }""");

        var run = ToolRun.Of("check", results, "--manifest", ToolRun.Example("manifest-trainMore.json"));

        Assert.Equal(0, run.Exit);
        Assert.Contains("feature_b1c2d3e4f  Country (categorical, String, mostly \"NL\")", run.Output, StringComparison.Ordinal);
        Assert.Contains("  plan  (required)", run.Output, StringComparison.Ordinal);
        Assert.Contains("warning /http/explain/inputs/plan/importance: must be a number from 0.0 to 1.0, was: 7", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WithManifest_PrintsWhatIsDetectedAndWhatIsNot()
    {
        var manifest = _files.Write("manifest.json", """
            {"stage": "initial", "metadata": {"features": {
              "feature_a": {"name": "Country", "type": "categorical", "nativeType": "string"}, "feature_b": {"name": "Browser", "nativeType": "string"},
              "feature_c": {"name": "Hour of day", "nativeType": "boolean"}, "feature_d": {"name": "Contry", "nativeType": "string"}, "feature_e": {"name": "[red]Did event", "nativeType": "boolean"}}}}
            """);
        var results = _files.Write("results-initial.json", $$"""{"http": {{PluginFiles.GoodHttp}}}""");

        var text = ToolRun.Of("check", results, "--manifest", manifest);
        var json = ToolRun.Of("check", results, "--manifest", manifest, "--json");

        Assert.Contains("detected from the end user's request, 2 of 5 features\n  feature_a  is country  (its name, needs a geo database)\n  feature_b  is browser  (its name)\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("not detected: callers or a provider of the host application supply them\n  feature_c  Hour of day  (it is called like hour, but its native type is boolean)\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("feature_d  Contry  (its name is that of no known fact; did you mean country?)\n  feature_e  [red]Did event  (", text.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(
            [("feature_a", "country", true), ("feature_b", "browser", false), ("feature_c", null, false), ("feature_d", null, false), ("feature_e", null, false)],
            document.RootElement.GetProperty("detected").EnumerateArray().Select(d => (d.GetProperty("key").GetString(), d.GetProperty("fact").GetString(), d.GetProperty("needsGeoDatabase").GetBoolean())));
    }

    [Fact]
    public void Check_WithSettings_DetectsWhatTheHostApplicationWould()
    {
        var manifest = _files.Write("manifest.json", """
            {"stage": "initial", "metadata": {"features": {
              "feature_a": {"name": "Land", "nativeType": "string"}, "feature_b": {"name": "Browser", "nativeType": "string"}, "feature_c": {"name": "Sprache", "nativeType": "string"}}}}
            """);
        var results = _files.Write("results-initial.json", $$"""{"http": {{PluginFiles.GoodHttp}}}""");
        var settings = _files.Write("appsettings.json", """
            // as the framework reads it
            {"Logging": {"LogLevel": {"Default": "Warning"}}, "plugindeployment": {"Features": {"Names": {"Land": "country"}, "Plugins": {"churn": {"feature_b": "none", "Sprache": "language"}},}}}
            """);

        Assert.Equal(["feature_b is browser"], Detected());
        Assert.Equal(["feature_a is country", "feature_b is browser"], Detected("--settings", settings));
        Assert.Equal(["feature_a is country", "feature_c is language"], Detected("--settings", settings, "--plugin", "churn"));
        Assert.Empty(Detected("-s", _files.Write("off.json", """{"PluginDeployment": {"Features": {"Detect": false}}}""")));

        IEnumerable<string> Detected(params string[] words)
        {
            var run = ToolRun.Of(["check", results, "--manifest", manifest, "--json", .. words]);
            using var document = JsonDocument.Parse(run.Output);
            return [.. document.RootElement.GetProperty("detected").EnumerateArray().Where(d => d.GetProperty("fact").GetString() is not null).Select(d => $"{d.GetProperty("key").GetString()} is {d.GetProperty("fact").GetString()}")];
        }
    }

    [Theory]
    [InlineData("{", "cannot be used: ")]
    [InlineData("""{"PluginDeployment": {"Features": {"Detect": "perhaps"}}}""", "'perhaps' at 'PluginDeployment:Features:Detect'")]
    [InlineData(null, "cannot be used: Could not find file")]
    public void Check_SettingsThatCannotBeRead_SaysWhyAndChecksNothing(string? text, string words)
    {
        var settings = text is null ? _files.PathOf("missing.json") : _files.Write("appsettings.json", text);

        var run = ToolRun.Of("check", _files.Folder, "--settings", settings);

        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(settings, run.Error, StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Folder_FindsFilesAndOrderByItself()
    {
        using var plugin = PluginFiles.OfExamples();

        var run = ToolRun.Of("check", plugin.Folder);

        Assert.Equal(0, run.Exit);
        Assert.Contains("merged from initial, trainMore\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("features, 5 of stage trainMore\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_BadValues_PrintsAllProblemsOfAllFilesAndFails()
    {
        var first = _files.Write("results-initial.json", """{"status": {"code": "error", "title": "Boom"}, "http": {"port": "5000"}}""");
        var second = _files.Write("results-more.json", """{"http": {"statuspath": "/s", "requestPath": "x"}}""");

        var run = ToolRun.Of("check", first, second);

        Assert.Equal(1, run.Exit);
        Assert.Contains("Boom", run.Output, StringComparison.Ordinal);
        Assert.Contains("/http/port: must be an integer from 1 to 65535, was: \"5000\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("Did you mean \"statusPath\"?", run.Output, StringComparison.Ordinal);
        Assert.Contains("/http/requestPath: must begin with '/', was: \"x\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("/http/startServerCmd: must be there", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("Cannot be deployed: 5 errors, 1 warning.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_UnreadableStage_DoesNotCallMissingWhatItMayHaveGiven()
    {
        var broken = _files.Write("results-initial.json", "{");
        var good = _files.Write("results-more.json", """{"http": {"port": 1}}""");

        var run = ToolRun.Of("check", broken, good);

        Assert.Equal(1, run.Exit);
        Assert.Contains("line 1, column 2: must be JSON, but it ends before it is complete", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("must be there", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_MissingFile_SaysSo()
    {
        var run = ToolRun.Of("check", _files.PathOf("results-initial.json"));

        Assert.Equal(1, run.Exit);
        Assert.Contains("initial in results-initial.json\n    error   must exist, but there is no such file", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_FilesInAnotherOrderThanTheManifest_Warns()
    {
        var run = ToolRun.Of(
            "check", ToolRun.Example("results-trainMore.json"), ToolRun.Example("results-initial.json"), "-m", ToolRun.Example("manifest-trainMore.json"));

        Assert.Contains("ran earlier than the file before it", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Json_IsOneDocumentWithExactValues()
    {
        var run = ToolRun.Of(
            "check", "--json", ToolRun.Example("results-initial.json"), ToolRun.Example("results-trainMore.json"), "-m", ToolRun.Example("manifest-trainMore.json"));

        Assert.Equal(0, run.Exit);
        using var json = JsonDocument.Parse(run.Output);
        var root = json.RootElement;
        Assert.True(root.GetProperty("deployable").GetBoolean());
        var options = root.GetProperty("values").EnumerateArray().Single(v => v.GetProperty("key").GetString() == "options");
        Assert.Equal("""{ "arg1": 1, "arg2": "abc", "weights": [1e-3, 0.30000000000000004, 12345678901234567890] }""", options.GetProperty("value").GetRawText());
        Assert.Equal("initial", options.GetProperty("overrode")[0].GetString());
        Assert.Equal(5, root.GetProperty("features").GetArrayLength());
        Assert.Equal(7, root.GetProperty("tabs")[0].GetProperty("inputs").GetArrayLength());
        var problem = root.GetProperty("problems")[0];
        Assert.Equal(("warning", "/data/loss", 2), (problem.GetProperty("severity").GetString(), problem.GetProperty("pointer").GetString(), problem.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void Check_JsonOfABadPlugin_FailsAndStaysJson()
    {
        var run = ToolRun.Of("check", "--json", _files.Write("results-initial.json", "[NaN, \"\u202E\"]"));

        Assert.Equal(1, run.Exit);
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("deployable").GetBoolean());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_HostileText_StaysText(bool isTerminal)
    {
        var http = PluginFiles.GoodHttp[..^1] + """, "[red]x[/]": "[link=http://evil]y[/]", "options": "\u001b]0;owned\u0007", "explain": {"inputs": {"[bold": {"explanation": "\u001b[2J\u202E[/]"}}}}""";
        var result = _files.Write("results-[blink]\u001b[31m.json", $$"""{"status": {"code": "[/]", "title": "\u001b[2J[bold]"}, "http": {{http}}}""");

        var run = ToolRun.Of(isTerminal, "check", result, "-m", ToolRun.Example("manifest-trainMore.json"));

        Assert.Equal(1, run.Exit);
        var plain = System.Text.RegularExpressions.Regex.Replace(run.Output, "\u001b\\[[0-9;]*m", "");
        Assert.DoesNotContain(plain, c => (char.IsControl(c) && c is not ('\n' or '\r')) || c == '\u202E');
        Assert.Contains("[red]x[/]", plain, StringComparison.Ordinal);
        if (!isTerminal)
        {
            Assert.Equal(plain, run.Output);
        }
    }

    [Fact]
    public void Check_LargeOptions_ArePrintedShort()
    {
        var options = "[" + string.Join(",\n", Enumerable.Repeat("1234567890", 900_000)) + "]";
        var result = _files.Write("results-initial.json", $$"""{"http": {{PluginFiles.GoodHttp[..^1]}}, "options": {{options}} } }""");

        var run = ToolRun.Of("check", result);

        Assert.Equal(0, run.Exit);
        Assert.InRange(run.Output.Length, 100, 2000);
    }
}
