using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>Whole requests made of the examples of a tab's inputs: what the contract accepts, as far as the examples say the truth.</summary>
internal static class RequestExample
{
    private const int MostInputs = 100;
    private const int MostValueBytes = 2048;

    /// <summary>The least that a caller can send.</summary>
    /// <param name="tab">The tab.</param>
    /// <param name="features">The features of the model.</param>
    /// <returns>The body.</returns>
    public static RawJson Least(ExplainedTab tab, ImmutableArray<FeatureDescriptor> features)
        => Write(InputRule.Of(tab, features).Where(r => r.Input.Required));

    /// <summary>All that a caller can send of which examples are known.</summary>
    /// <param name="tab">The tab.</param>
    /// <param name="features">The features of the model.</param>
    /// <returns>The body; null where it would be that of <see cref="Least"/>.</returns>
    public static RawJson? Most(ExplainedTab tab, ImmutableArray<FeatureDescriptor> features)
    {
        var rules = InputRule.Of(tab, features);
        var optional = rules.Where(r => !r.Input.Required && !r.Examples.IsEmpty && r.Sample.Utf8.Length <= MostValueBytes)
            .OrderByDescending(r => r.Input.Importance ?? 0).Take(MostInputs).ToList();
        return optional.Count == 0 ? null : Write(rules.Where(r => r.Input.Required).Concat(optional));
    }

    private static RawJson Write(IEnumerable<InputRule> rules)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = VisibleJson.Encoder }))
        {
            json.WriteStartObject();
            json.WriteStartObject("props"u8);
            foreach (var rule in rules)
            {
                json.WritePropertyName(rule.Input.Name);
                json.WriteRawValue(rule.Sample.Utf8.Span);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new RawJson(text.WrittenMemory);
    }
}
