using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Manifests;

/// <summary>Reads <c>metadata.features</c>. What is wrong with one feature is a warning: its broken piece is left out.</summary>
internal static class FeatureReader
{
    /// <summary>The most examples that are kept of one feature.</summary>
    internal const int MaxExamples = 100;

    private const string Prefix = "feature_";

    /// <summary>Reads every feature, in the order of the manifest.</summary>
    public static ImmutableArray<FeatureDescriptor> Read(RawJson features, ProblemList problems)
    {
        var all = ImmutableArray.CreateBuilder<FeatureDescriptor>();
        foreach (var (key, value) in RawToken.Members(features))
        {
            var pointer = "/metadata/features" + JsonPath.Member(key);
            if (!key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                problems.Warning(pointer, "is not a feature: the key must begin with feature_", "Take the manifest as the platform gives it.", value.Utf8.Span);
            }
            else if (RawToken.KindOf(value) != JsonTokenType.StartObject)
            {
                problems.Error(pointer, "must be an object", "Take the manifest as the platform gives it.", value.Utf8.Span);
            }
            else
            {
                all.Add(new One(key, pointer, value, problems).Read());
            }
        }

        return all.DrainToImmutable();
    }

    /// <summary>One feature that is being read.</summary>
    private sealed class One(string key, string pointer, RawJson value, ProblemList problems)
    {
        private readonly Dictionary<string, RawJson> _members = RawToken.Members(value)
            .Where(m => RawToken.KindOf(m.Value) != JsonTokenType.Null)
            .ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);

        public FeatureDescriptor Read()
        {
            var byCount = ReadCounted();
            var examples = ReadArray("examples")?.Where(v => RawToken.KindOf(v) != JsonTokenType.Null).ToList();
            if (examples is not { Count: > 0 })
            {
                examples = byCount;
            }

            var common = _members.TryGetValue("mostCommon", out var most) ? most : First(byCount) ?? First(examples);
            return new FeatureDescriptor
            {
                Key = key,
                Name = ReadText("name"),
                Kind = ReadText("type"),
                NativeType = ReadNativeType(),
                Examples = [.. examples.Take(MaxExamples)],
                ExamplesFrom = examples.Count > 0 ? FeatureValueSource.Metadata : FeatureValueSource.None,
                MostCommon = common,
                MostCommonFrom = common is null ? FeatureValueSource.None : FeatureValueSource.Metadata,
                Values = [.. byCount],
            };
        }

        private static RawJson? First(List<RawJson> values) => values.Count > 0 ? values[0] : null;

        private string? ReadText(string name)
        {
            if (!_members.TryGetValue(name, out var member))
            {
                return null;
            }

            var text = RawToken.TextOf(member);
            if (text is null)
            {
                Warn(name, "must be a string", member);
            }

            return text;
        }

        private NativeType ReadNativeType()
        {
            var word = ReadText("nativeType");
            var type = word switch
            {
                null => NativeType.Unknown,
                "boolean" => NativeType.Boolean,
                "integer" => NativeType.Integer,
                "float" or "number" => NativeType.Float,
                "string" => NativeType.String,
                _ => NativeType.Unknown,
            };
            if (word is not null && type == NativeType.Unknown)
            {
                Warn("nativeType", "must be boolean, integer, float, number or string; any value is let through", _members["nativeType"]);
            }

            return type;
        }

        private List<RawJson>? ReadArray(string name)
        {
            if (!_members.TryGetValue(name, out var member))
            {
                return null;
            }

            if (RawToken.KindOf(member) == JsonTokenType.StartArray)
            {
                return RawToken.Items(member);
            }

            Warn(name, "must be an array", member);
            return null;
        }

        private List<RawJson> ReadCounted()
        {
            var counted = new List<(RawJson Value, double Count)>();
            foreach (var (item, index) in (ReadArray("values") ?? []).Select((v, i) => (v, i)))
            {
                if (ReadPair(item) is { } pair)
                {
                    counted.Add(pair);
                }
                else
                {
                    Warn($"values/{index}", "must be an object with a value and a count", item);
                }
            }

            return [.. counted.OrderByDescending(c => c.Count).Select(c => c.Value).Where(v => RawToken.KindOf(v) != JsonTokenType.Null)];
        }

        private static (RawJson Value, double Count)? ReadPair(RawJson item)
        {
            if (RawToken.KindOf(item) != JsonTokenType.StartObject)
            {
                return null;
            }

            RawJson? value = null;
            double? count = null;
            foreach (var (name, member) in RawToken.Members(item))
            {
                var token = RawToken.Of(member);
                value = name == "value" ? member : value;
                count = name == "count" && token.TokenType == JsonTokenType.Number && token.TryGetDouble(out var number) ? number : count;
            }

            return value is { } v && count is { } c ? (v, c) : null;
        }

        private void Warn(string name, string rule, RawJson was)
            => problems.Warning($"{pointer}/{name}", rule, "It is left out; take the manifest as the platform gives it.", was.Utf8.Span);
    }
}
