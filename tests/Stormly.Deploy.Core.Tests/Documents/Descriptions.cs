using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Stormly.Deploy.Documents;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Core.Tests.Documents;

/// <summary>Descriptions of every kind that documents must be right for.</summary>
internal static class Descriptions
{
    public static readonly PluginAddress Address = new() { Path = "/plugins/churn", CanaryKeyHeader = "Stormly-Canary-Key", MaxBodyBytes = 1_048_576 };

    public static ImmutableArray<FeatureDescriptor> Features { get; } =
    [
        new()
        {
            Key = "feature_acaa2cf5d", Name = "Did event Play song", Kind = "categorical", NativeType = NativeType.Boolean, Examples = [Raw("true"), Raw("false")], MostCommon = Raw("true"),
        },
        new() { Key = "feature_b1", Name = "Sessions", Kind = "numerical", NativeType = NativeType.Integer, Examples = [Raw("4"), Raw("12345678901234567890")] },
        new() { Key = "feature_b2", NativeType = NativeType.Float },
        new() { Key = "feature_b3", Name = "Country", NativeType = NativeType.String, ExamplesFrom = FeatureValueSource.Metadata, Examples = [Raw("\"NL\"")] },
        new() { Key = "feature_b4" },
    ];

    /// <summary>The contract's own example: two tabs.</summary>
    public static PluginDescription Tabs { get; } = Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TestData", "explain-tabs.json")), Features);

    /// <summary>A plugin that explains nothing and has no features.</summary>
    public static PluginDescription Bare { get; } = Read(null, []);

    /// <summary>A plugin that explains nothing, with features and an answer to a status check.</summary>
    public static PluginDescription Unexplained { get; } = Read(null, Features) with { LastAnswer = Raw("""{"ok": true, "score": 1, "more": [1, null]}""") };

    /// <summary>Everything at once: optional, mixed and nested inputs, sources, verifications.</summary>
    public static PluginDescription Full { get; } = MakeFull();

    /// <summary>Every text of a stranger is a naughty one.</summary>
    public static PluginDescription Hostile { get; } = MakeHostile();

    public static PluginDescription Find(string name) => name switch
    {
        nameof(Tabs) => Tabs,
        nameof(Bare) => Bare,
        nameof(Unexplained) => Unexplained,
        nameof(Full) => Full,
        _ => Hostile,
    };

    public static TheoryData<string> Names() => [nameof(Tabs), nameof(Bare), nameof(Unexplained), nameof(Full), nameof(Hostile)];

    public static RawJson Raw(string json) => RawJson.FromText(json);

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static PluginDescription Read(string? explain, ImmutableArray<FeatureDescriptor> features) => new()
    {
        Plugin = PluginName.Parse("churn"),
        Revision = new RevisionId(string.Concat(Enumerable.Repeat("0123456789abcdef", 4))),
        Explanation = ExplanationReader.Read("initial", explain is null ? null : Raw(explain), features).Explanation,
        Features = features,
    };

    private static PluginDescription MakeFull()
    {
        var read = Read(
            """
            {"output": {"examples": [{"probability": 0.8312, "label": "leaves", "why": null}, {"probability": 1, "label": "stays", "why": {"a": [1, "x"]}}]},
             "inputs": {"user_created": {"importance": 0.8, "explanation": "When the user's account was created, Unix time in seconds", "examples": [1690000000, 1.5e9]},
                        "now": {"explanation": "never asked for"},
                        "plan": {"required": false, "importance": 0.5, "explanation": "The plan", "examples": ["free", "team", null]},
                        "tags": {"required": false, "examples": [["a"], {"b": 1}]},
                        "anything": {"required": false},
                        "feature_b1": {"required": false, "importance": 0.9, "examples": [7, "no number"]}}}
            """,
            Features);
        var tab = read.Explanation.Tabs[0];
        var inputs = tab.Inputs.Select(i => i.Name switch
        {
            "feature_b3" => i with { Required = false, Source = InputSource.Detector },
            "feature_b2" => i with { Required = false, Source = InputSource.Provider },
            _ => i,
        });
        return read with
        {
            Explanation = new PluginExplanation { Tabs = [tab with { Inputs = [.. inputs] }] },
            Verifications =
            [
                new() { Tab = 0, Input = "user_created", Example = 0, At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), Took = TimeSpan.FromMilliseconds(12), Passed = true },
                new() { Tab = 0, Input = "user_created", Example = 1, At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), Took = TimeSpan.FromSeconds(1), Passed = false, Detail = "It answered <b>500</b>." },
            ],
            LastAnswer = Raw("""{"probability":0.5}"""),
        };
    }

    private static PluginDescription MakeHostile()
    {
        var features = NaughtyStrings.All.Select((s, i) => new FeatureDescriptor { Key = $"feature_{i} {s}", Name = s, Kind = s, NativeType = (NativeType)(i % 5), Examples = [Quote(s)], MostCommon = Quote(s) });
        var explain = Text(output =>
        {
            using var json = new Utf8JsonWriter(output);
            json.WriteStartArray();
            foreach (var chunk in NaughtyStrings.All.Select(Whole).Distinct().Chunk(60))
            {
                WriteTab(json, chunk);
            }

            json.WriteEndArray();
        });
        return Read(explain, [.. features]) with
        {
            LastAnswer = Quote("```"),
            Verifications = [.. NaughtyStrings.All.Select((s, i) => new ExampleVerification { Tab = 0, Input = s, Example = 0, At = DateTimeOffset.UnixEpoch, Took = default, Passed = i % 2 == 0, Detail = s })],
        };
    }

    private static void WriteTab(Utf8JsonWriter json, string[] texts)
    {
        json.WriteStartObject();
        json.WriteString("title", texts[0]);
        json.WriteStartObject("params");
        json.WriteStartArray("output");
        foreach (var text in texts)
        {
            json.WriteStartObject();
            json.WriteString(text, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("inputs");
        foreach (var text in texts)
        {
            json.WriteStartObject(text);
            json.WriteString("explanation", text);
            json.WriteStartArray("examples");
            json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static RawJson Quote(string text) => Raw($"\"{JsonEncodedText.Encode(Whole(text))}\"");

    /// <summary>What JSON can hold of a text.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
