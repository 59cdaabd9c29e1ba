using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>
/// What the value of one input should be, for those who write one. A feature's native type is a rule that requests are checked by; the type of any other input
/// is only inferred from its examples.
/// </summary>
internal sealed class InputRule
{
    private InputRule(ExplainedInput input, NativeType type)
    {
        Input = input;
        NativeType = type;
        Shape = JsonShape.Of(type == NativeType.Unknown ? input.Examples : []);
        Kinds = AllowedKinds();
        Examples = [.. input.Examples.Where(Fits)];
    }

    /// <summary>The input as it is explained.</summary>
    public ExplainedInput Input { get; }

    /// <summary>What requests are checked for.</summary>
    public NativeType NativeType { get; }

    /// <summary>What its examples have in common, where no native type says more.</summary>
    public JsonShape Shape { get; }

    /// <summary>The types that a value may have, null among them where it may be left out.</summary>
    public JsonKinds Kinds { get; }

    /// <summary>The examples that are legal values.</summary>
    public ImmutableArray<RawJson> Examples { get; }

    /// <summary>A legal value for an example of a whole request: a real one where one is known.</summary>
    public RawJson Sample
    {
        get
        {
            if (Examples is [var first, ..])
            {
                return first;
            }

            return Input.Feature?.MostCommon is { } common && Fits(common) ? common : RawJson.FromText(NativeType switch
            {
                NativeType.Boolean => "false",
                NativeType.Integer or NativeType.Float => "0",
                _ => "\"\"",
            });
        }
    }

    /// <summary>The rules of one tab, in its order: one for each name, without <c>now</c>, which nobody needs to send.</summary>
    /// <param name="tab">The tab.</param>
    /// <param name="features">The features of the model; those that the tab does not have are optional.</param>
    /// <returns>The rules.</returns>
    public static ImmutableArray<InputRule> Of(ExplainedTab tab, ImmutableArray<FeatureDescriptor> features)
    {
        var byKey = features.DistinctBy(f => f.Key).ToDictionary(f => f.Key, StringComparer.Ordinal);
        var explained = tab.Inputs.GroupBy(i => i.Name, StringComparer.Ordinal).Where(g => g.Key != "now").ToList();
        var names = explained.Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. explained.Select(g => Of(g.First() with { Required = g.Any(i => i.Required) }, byKey)),
            .. byKey.Values.Where(f => !names.Contains(f.Key)).Select(f => Of(new ExplainedInput { Name = f.Key, Required = false, Examples = f.Examples, Feature = f }, byKey)),
        ];
    }

    private static InputRule Of(ExplainedInput input, Dictionary<string, FeatureDescriptor> features)
        => new(input, (features.GetValueOrDefault(input.Name) ?? input.Feature)?.NativeType ?? NativeType.Unknown);

    private JsonKinds AllowedKinds()
    {
        var seen = SchemaWords.Loosen(Shape.Kinds & ~JsonKinds.Null);
        var kinds = NativeType switch
        {
            NativeType.Boolean => JsonKinds.Boolean,
            NativeType.Integer => JsonKinds.Integer,
            NativeType.Float => JsonKinds.Number,
            NativeType.String => JsonKinds.String,
            _ => seen == JsonKinds.None ? SchemaWords.AnyValue : seen,
        };
        return Input.Required ? kinds : kinds | JsonKinds.Null;
    }

    private bool Fits(RawJson value)
    {
        var token = RawToken.Of(value);
        return token.TokenType == JsonTokenType.Null ? !Input.Required : ValueRule.Allows(NativeType, token.TokenType, token.ValueSpan);
    }
}
