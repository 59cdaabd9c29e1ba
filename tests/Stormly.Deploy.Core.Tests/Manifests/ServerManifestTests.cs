using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Manifests;

public sealed class ServerManifestTests
{
    [Fact]
    public void Write_Example_IsTheExpectedFileByteForByte()
    {
        var written = Write(ContractExamples.Manifest(), ContractExamples.Merged().Options);

        Assert.Equal(Encoding.UTF8.GetString(ContractExamples.Bytes("server-manifest.expected.json")).TrimEnd(), written);
    }

    [Fact]
    public void Write_Example_HasTheMembersOfTheExpectedFileWithTheirTexts()
    {
        var expected = Members(Encoding.UTF8.GetString(ContractExamples.Bytes("server-manifest.expected.json")));

        Assert.Equal(expected, Members(Write(ContractExamples.Manifest(), ContractExamples.Merged().Options)));
    }

    [Theory]
    [InlineData("""{"stage":"x"}""", null, """{"stage":"server"}""")]
    [InlineData("""{"stage":"x"}""", "1", """{"stage":"server","options":1}""")]
    [InlineData("""{ "stage": "x" }""", "{ }", """{ "stage": "server", "options": { } }""")]
    [InlineData("""{"getUploadUrls":{},"stage":"x","dataUrls":{"a":[1,2]}}""", "[]", """{"stage":"server","options":[]}""")]
    [InlineData("""{"a":1.0,"options":"old","stage":"x","z":2}""", "4.0", """{"a":1.0,"options":4.0,"stage":"server","z":2}""")]
    [InlineData("""{"a":1.0,"options":"old","stage":"x","z":2}""", null, """{"a":1.0,"stage":"server","z":2}""")]
    [InlineData("""{"options":1,"stage":"x"}""", null, """{"stage":"server"}""")]
    [InlineData("""{"stage":"x","downloadUrls":{"initial":"u?a=%2F&b"},"n":12345678901234567890,"e":1E+2,"s":"\u00e9\/"}""", null,
        """{"stage":"server","downloadUrls":{"initial":"u?a=%2F&b"},"n":12345678901234567890,"e":1E+2,"s":"\u00e9\/"}""")]
    [InlineData("""{"st\u0061ge":"x","data\u0055rls":{},"opt\u0069ons":2}""", "3", """{"st\u0061ge":"server","opt\u0069ons":3}""")]
    [InlineData("""{"stage":"x","metadata":{"stage":"y","dataUrls":1,"options":2}}""", null, """{"stage":"server","metadata":{"stage":"y","dataUrls":1,"options":2}}""")]
    [InlineData("{\n\t\"stage\" : \"x\" ,\n\t\"dataUrls\" : {}\n}", "7", "{\n\t\"stage\" : \"server\",\n\t\"options\" : 7\n}")]
    [InlineData("""{"stage":"server","options":1}""", "1", """{"stage":"server","options":1}""")]
    public void Write_AnyManifest_ChangesWhatTheContractNamesAndNothingElse(string manifest, string? options, string expected)
        => Assert.Equal(expected, Write(Read(manifest), options is null ? null : RawJson.FromText(options)));

    [Fact]
    public void Write_AServerManifest_ComesOutTheSame()
    {
        var options = ContractExamples.Merged().Options;
        var once = Write(ContractExamples.Manifest(), options);

        Assert.Equal(once, Write(Read(once), options));
    }

    [Fact]
    public void Write_AnyValues_KeepTheirTextAndOrder()
    {
        Gen<string> json = Gen.Int[0, Values.Length - 1].Select(i => Values[i]);
        Gen.Select(Gen.Dictionary(Gen.String[Gen.Char['a', 'f'], 1, 3], json)[0, 8], json, Gen.Bool, Gen.Bool).Sample((members, options, spaced, gone) =>
        {
            var (comma, colon) = spaced ? (" ,\n  ", " : ") : (",", ":");
            var all = members.Select(m => KeyValuePair.Create(m.Key, m.Value)).Prepend(KeyValuePair.Create("stage", "\"last\""));
            all = gone ? all.Append(KeyValuePair.Create("getUploadUrls", "{}")).Prepend(KeyValuePair.Create("dataUrls", "{}")) : all;
            var text = "{" + string.Join(comma, all.Select(m => $"\"{m.Key}\"{colon}{m.Value}")) + "}";

            var expected = members.Select(m => (m.Key, m.Value)).Prepend(("stage", "\"server\"")).Append(("options", options));

            Assert.Equal(expected, Members(Write(Read(text), RawJson.FromText(options))));
        });
    }

    private static readonly string[] Values =
        ["1", "4.0", "1e-3", "12345678901234567890", "\"\\u00e9\\/\\\"\"", "[ 1 ,2 ]", "{ \"stage\" : {\"b\":1,\"a\":2.50} }", "null", "true", "\"getUploadUrls\""];

    private static PluginManifest Read(string json) => PluginManifest.Read("m", Encoding.UTF8.GetBytes(json)).Manifest!;

    private static List<(string Key, string Text)> Members(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(m => (m.Name, m.Value.GetRawText()))];
    }

    private static string Write(PluginManifest manifest, RawJson? options)
    {
        var output = new ArrayBufferWriter<byte>();
        ServerManifest.Write(manifest, options, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
