using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Manifests;

/// <summary>Reads the typed views of a checked manifest.</summary>
internal static class ManifestReader
{
    /// <summary>How problems of a manifest name what they come from.</summary>
    internal const string ProblemStage = "manifest";

    /// <summary>The stage of the server manifest.</summary>
    internal const string ServerStage = "server";

    private static readonly string[] UrlMaps = ["getUploadUrls", "dataUrls", "downloadUrls"];

    /// <summary>Reads a manifest; null where its root is no object.</summary>
    public static PluginManifest? Read(RawJson json, ProblemList problems)
    {
        var text = json.Utf8.Span;
        var start = (int)RawToken.Of(json).TokenStartIndex;
        var raw = new RawJson(json.Utf8[start..text.TrimEnd(" \t\r\n"u8).Length]);
        if (RawToken.KindOf(raw) != JsonTokenType.StartObject)
        {
            problems.Error("", "must be a JSON object", "Write {\"stage\": ..., \"metadata\": ...}.", raw.Utf8.Span);
            return null;
        }

        var members = RawToken.Members(raw).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        var stage = ReadStage(members, problems);
        return new PluginManifest
        {
            Stage = stage,
            Raw = raw,
            Features = ReadFeatures(members, problems),
            StageOrder = ReadOrder(members, stage, problems),
        };
    }

    private static string ReadStage(Dictionary<string, RawJson> members, ProblemList problems)
    {
        const string Remedy = "Write the name of the last stage, e.g. \"stage\": \"initial\".";
        if (!members.TryGetValue("stage", out var value))
        {
            problems.Error("/stage", "must be there", Remedy);
            return "";
        }

        var stage = RawToken.TextOf(value);
        if (stage is null)
        {
            problems.Error("/stage", "must be a string", Remedy, value.Utf8.Span);
        }
        else if (StageFiles.FindProblem(stage) is { } rule)
        {
            problems.Error("/stage", rule, Remedy, value.Utf8.Span);
        }

        return stage ?? "";
    }

    private static ImmutableArray<FeatureDescriptor> ReadFeatures(Dictionary<string, RawJson> members, ProblemList problems)
    {
        if (!IsObject(members, "metadata", "/metadata", problems, out var metadata))
        {
            return [];
        }

        var inner = RawToken.Members(metadata).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        return IsObject(inner, "features", "/metadata/features", problems, out var features) ? FeatureReader.Read(features, problems) : [];
    }

    private static ImmutableArray<string> ReadOrder(Dictionary<string, RawJson> members, string stage, ProblemList problems)
    {
        var order = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { ServerStage };
        foreach (var map in UrlMaps)
        {
            if (IsObject(members, map, "/" + map, problems, out var urls))
            {
                order.AddRange(RawToken.Members(urls).Select(m => m.Key).Where(seen.Add));
            }
        }

        if (stage.Length > 0 && seen.Add(stage))
        {
            order.Add(stage);
        }

        return [.. order];
    }

    private static bool IsObject(Dictionary<string, RawJson> members, string key, string pointer, ProblemList problems, out RawJson value)
    {
        if (!members.TryGetValue(key, out value) || RawToken.KindOf(value) == JsonTokenType.Null)
        {
            return false;
        }

        if (RawToken.KindOf(value) == JsonTokenType.StartObject)
        {
            return true;
        }

        problems.Error(pointer, "must be an object", "Take the manifest as the platform gives it.", value.Utf8.Span);
        return false;
    }
}
