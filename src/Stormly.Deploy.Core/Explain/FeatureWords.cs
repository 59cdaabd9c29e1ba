using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Explain;

/// <summary>Explains a feature to end users from its name and type, where the plugin does not.</summary>
internal static class FeatureWords
{
    /// <summary>E.g. <c>Did event Play song (categorical: true or false)</c>.</summary>
    public static string Explain(FeatureDescriptor feature)
    {
        var name = string.IsNullOrWhiteSpace(feature.Name) ? feature.Key : feature.Name;
        var values = feature.NativeType switch
        {
            NativeType.Boolean => "true or false",
            NativeType.Integer => "a whole number",
            NativeType.Float => "a number",
            NativeType.String => "text",
            _ => null,
        };
        var type = string.Join(": ", new[] { feature.Kind, values }.Where(w => !string.IsNullOrWhiteSpace(w)));
        var words = type.Length == 0 ? name : $"{name} ({type})";
        return words.Length <= ExplainLimits.MaxExplanation ? words : words[..ExplainLimits.MaxExplanation] + "…";
    }
}
