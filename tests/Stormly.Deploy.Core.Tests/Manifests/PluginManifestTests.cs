using System.Text;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Manifests;

public sealed class PluginManifestTests
{
    [Fact]
    public void Read_Example_GivesStageFeaturesAndOrder()
    {
        var reading = PluginManifest.Read("manifest-trainMore.json", ContractExamples.Bytes("manifest-trainMore.json"));

        Assert.Empty(reading.Problems);
        var manifest = reading.Manifest!;
        Assert.Equal("trainMore", manifest.Stage);
        Assert.Equal(["initial", "trainMore"], manifest.StageOrder);
        Assert.Equal(
            ["feature_acaa2cf5d", "feature_b1c2d3e4f", "feature_c2d3e4f50", "feature_d3e4f5061", "feature_e4f506172"], manifest.Features.Select(f => f.Key));
        var (song, country, browser, sessions, last) = (manifest.Features[0], manifest.Features[1], manifest.Features[2], manifest.Features[3], manifest.Features[4]);
        Assert.Equal(("Did event Play song", "categorical", NativeType.Boolean), (song.Name, song.Kind, song.NativeType));
        Assert.Equal("true", song.MostCommon.ToString());
        Assert.Equal(["\"NL\"", "\"DE\"", "\"S\\u00e3o Tom\\u00e9\""], country.Examples.Select(e => e.ToString()));
        Assert.Equal(("\"Chrome\"", 3), (browser.MostCommon.ToString(), browser.Examples.Length));
        Assert.Equal(("1.0", NativeType.Float), (sessions.MostCommon.ToString(), sessions.NativeType));
        Assert.Null(last.MostCommon);
        Assert.Empty(last.Examples);
    }

    [Theory]
    [InlineData("""{"values": [{"value": 1, "count": 2}, {"value": 2, "count": 9}, {"value": 3, "count": 2}]}""", "2,1,3", "2")]
    [InlineData("""{"values": [{"count": 2.5, "value": "a"}, {"value": "b", "count": 1e2}]}""", "\"b\",\"a\"", "\"b\"")]
    [InlineData("""{"values": [{"value": 1, "count": 2}], "examples": [5, 6]}""", "5,6", "1")]
    [InlineData("""{"values": [{"value": 1, "count": 2}], "mostCommon": 7.0}""", "1", "7.0")]
    [InlineData("""{"examples": [4.0, 5]}""", "4.0,5", "4.0")]
    [InlineData("""{"examples": [null, 5]}""", "5", "5")]
    [InlineData("""{"examples": [], "values": [{"value": null, "count": 9}, {"value": 0, "count": 1}], "mostCommon": null}""", "0", "0")]
    [InlineData("""{"examples": null, "mostCommon": false}""", "", "false")]
    [InlineData("{}", "", null)]
    public void Read_Feature_TakesExamplesAndMostCommonInTheRightPrecedence(string feature, string examples, string? mostCommon)
    {
        var reading = Feature(feature);

        Assert.Empty(reading.Problems);
        var one = Assert.Single(reading.Manifest!.Features);
        Assert.Equal(examples, string.Join(",", one.Examples));
        Assert.Equal(mostCommon, one.MostCommon?.ToString());
    }

    [Theory]
    [InlineData("boolean", NativeType.Boolean)]
    [InlineData("integer", NativeType.Integer)]
    [InlineData("float", NativeType.Float)]
    [InlineData("number", NativeType.Float)]
    [InlineData("string", NativeType.String)]
    public void Read_NativeType_IsKnownByItsWord(string word, NativeType type)
        => Assert.Equal(type, Assert.Single(Feature($$"""{"nativeType": "{{word}}"}""").Manifest!.Features).NativeType);

    [Theory]
    [InlineData("""{"nativeType": "decimal"}""", "nativeType")]
    [InlineData("""{"nativeType": 5}""", "nativeType")]
    [InlineData("""{"name": ["x"]}""", "name")]
    [InlineData("""{"type": {}}""", "type")]
    [InlineData("""{"examples": "x"}""", "examples")]
    [InlineData("""{"values": {}}""", "values")]
    [InlineData("""{"values": [5]}""", "values/0")]
    [InlineData("""{"values": [{"value": 1, "count": 1}, {"value": 1}]}""", "values/1")]
    [InlineData("""{"values": [{"count": 1}]}""", "values/0")]
    [InlineData("""{"values": [{"value": 1, "count": "5"}]}""", "values/0")]
    public void Read_BrokenPieceOfAFeature_IsLeftOutWithAWarning(string feature, string place)
    {
        var reading = Feature(feature);

        var problem = Assert.Single(reading.Problems);
        Assert.Equal((ProblemSeverity.Warning, "manifest", "m.json", $"/metadata/features/feature_a/{place}"), (problem.Severity, problem.Stage, problem.Origin, problem.Pointer));
        var one = Assert.Single(reading.Manifest!.Features);
        Assert.Equal(NativeType.Unknown, one.NativeType);
        Assert.Null(one.Name);
        Assert.Null(one.Kind);
    }

    [Fact]
    public void Read_KeyThatIsNoFeature_IsLeftOutWithAWarning()
    {
        var reading = Read("""{"stage": "s", "metadata": {"features": {"color": {}, "feature_x": {}}}}""");

        Assert.Equal(["feature_x"], reading.Manifest!.Features.Select(f => f.Key));
        Assert.Equal(("/metadata/features/color", ProblemSeverity.Warning), reading.Problems.Select(p => (p.Pointer, p.Severity)).Single());
    }

    [Fact]
    public void Read_HugeListOfValues_KeepsTheMostFrequent()
    {
        var values = string.Join(",", Enumerable.Range(0, 10_000).Select(i => $$"""{"value": {{i}}, "count": {{i}}}"""));

        var one = Assert.Single(Feature($$"""{"values": [{{values}}]}""").Manifest!.Features);

        Assert.Equal((FeatureReader.MaxExamples, "9999"), (one.Examples.Length, one.Examples[0].ToString()));
    }

    [Theory]
    [InlineData("""{"stage": "b", "getUploadUrls": {"z": "", "a": "", "b": ""}}""", "z,a,b")]
    [InlineData("""{"stage": "b", "downloadUrls": {"z": "", "a": ""}}""", "z,a,b")]
    [InlineData("""{"stage": "b", "dataUrls": {"a": ""}, "downloadUrls": {"x": ""}, "getUploadUrls": null}""", "a,x,b")]
    [InlineData("""{"stage": "server", "downloadUrls": {"initial": "", "more": ""}}""", "initial,more")]
    [InlineData("""{"stage": "initial"}""", "initial")]
    public void Read_StageOrder_IsTheKeyOrderOfTheUrls(string json, string order) => Assert.Equal(order, string.Join(",", Read(json).Manifest!.StageOrder));

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{}", "/stage")]
    [InlineData("""{"stage": null}""", "/stage")]
    [InlineData("""{"stage": 5}""", "/stage")]
    [InlineData("""{"stage": ""}""", "/stage")]
    [InlineData("""{"stage": "../x"}""", "/stage")]
    [InlineData("""{"stage": "a\u0000"}""", "/stage")]
    [InlineData("""{"stage": "s", "metadata": []}""", "/metadata")]
    [InlineData("""{"stage": "s", "metadata": {"features": []}}""", "/metadata/features")]
    [InlineData("""{"stage": "s", "metadata": {"features": {"feature_a": 5}}}""", "/metadata/features/feature_a")]
    [InlineData("""{"stage": "s", "downloadUrls": "x"}""", "/downloadUrls")]
    [InlineData("""{"stage": "s", "metadata": {"x": NaN}}""", "/metadata/x")]
    [InlineData("""{"stage": "s", "x": -Infinity}""", "/x")]
    [InlineData("""{"stage": "s", "stage": "t"}""", "/stage")]
    public void Read_WrongManifest_IsAnErrorAtItsPlace(string json, string pointer)
    {
        var reading = Read(json);

        var problem = Assert.Single(reading.Problems);
        Assert.Null(reading.Manifest);
        Assert.Equal((ProblemSeverity.Error, "manifest", "m.json", pointer), (problem.Severity, problem.Stage, problem.Origin, problem.Pointer));
    }

    [Theory]
    [InlineData("""{"stage": "s"}""")]
    [InlineData("""{"stage": "s", "metadata": null}""")]
    [InlineData("""{"stage": "s", "metadata": {"features": null}}""")]
    public void Read_NoFeatures_IsFine(string json)
    {
        var reading = Read(json);

        Assert.Empty(reading.Problems);
        Assert.Empty(reading.Manifest!.Features);
    }

    [Fact]
    public void Read_BytesAroundTheObject_AreNotPartOfIt()
        => Assert.Equal("""{"stage": "s"}""", PluginManifest.Read("m", (byte[])[0xEF, 0xBB, 0xBF, .. "\n {\"stage\": \"s\"} \r\n"u8]).Manifest!.Raw.ToString());

    private static ManifestReading Read(string json) => PluginManifest.Read("m.json", Encoding.UTF8.GetBytes(json));

    private static ManifestReading Feature(string feature) => Read("{\"stage\": \"s\", \"metadata\": {\"features\": {\"feature_a\": " + feature + "}}}");
}
