using System.Text;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests;

/// <summary>The example files of the plugin contract.</summary>
internal static class ContractExamples
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static StageResult Initial() => StageResult.Read("initial", "results-initial.json", Bytes("results-initial.json")).Result!;

    public static StageResult TrainMore() => StageResult.Read("trainMore", "results-trainMore.json", Bytes("results-trainMore.json")).Result!;

    public static HttpSpec Merged() => HttpSpecMerge.Merge([Initial(), TrainMore()]).Spec!;

    public static PluginManifest Manifest() => PluginManifest.Read("manifest-trainMore.json", Bytes("manifest-trainMore.json")).Manifest!;

    public static StageReading Stage(string json, string stage = "initial") => StageResult.Read(stage, $"results-{stage}.json", Encoding.UTF8.GetBytes(json));

    /// <summary>Merges <c>http</c> objects given as text, one a stage: s1, s2 and so on.</summary>
    public static HttpSpecReading Merge(params string[] http)
        => HttpSpecMerge.Merge([.. http.Select((h, i) => Stage($$"""{"http": {{h}}}""", $"s{i + 1}").Result!)]);

    /// <summary>A complete <c>http</c> object, with some keys replaced by other JSON text, or left out where that is null.</summary>
    public static string Http(params (string Key, string? Json)[] changes)
    {
        var keys = new List<(string Key, string Json)>
        {
            ("port", "5000"),
            ("statusPath", "\"/status\""),
            ("requestPath", "\"/predict\""),
            ("startServerCmd", "\"run -p 5000\""),
        };
        foreach (var (key, json) in changes)
        {
            var at = keys.FindIndex(k => k.Key == key);
            if (at >= 0)
            {
                keys.RemoveAt(at);
            }

            if (json is not null)
            {
                keys.Insert(at >= 0 ? at : keys.Count, (key, json));
            }
        }

        return "{" + string.Join(",", keys.Select(k => $"\"{k.Key}\": {k.Json}")) + "}";
    }
}
