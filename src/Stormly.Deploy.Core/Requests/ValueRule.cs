using System.Buffers.Text;
using System.Text.Json;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Requests;

/// <summary>
/// Whether a value is what a feature's native type says. Null is no value and is judged elsewhere. A whole number may be written <c>4.0</c> or <c>4e2</c>; a number
/// beyond the range of a 64-bit float becomes infinite in the plugin's hands and is refused.
/// </summary>
internal static class ValueRule
{
    private const int DigitsWithinRange = 300;

    /// <summary>Checks a value by its first token.</summary>
    /// <param name="type">What it must be.</param>
    /// <param name="token">The token.</param>
    /// <param name="value">The token's bytes.</param>
    /// <returns>Whether it may pass.</returns>
    public static bool Allows(NativeType type, JsonTokenType token, ReadOnlySpan<byte> value) => type switch
    {
        NativeType.Boolean => token is JsonTokenType.True or JsonTokenType.False,
        NativeType.String => token == JsonTokenType.String,
        NativeType.Float => token == JsonTokenType.Number && IsInRange(value),
        NativeType.Integer => token == JsonTokenType.Number && IsWhole(value),
        _ => true,
    };

    /// <summary>Says the rule.</summary>
    /// <param name="type">What a value must be.</param>
    /// <returns>E.g. <c>must be a number</c>, and what to send.</returns>
    public static (string Rule, string Remedy) Describe(NativeType type) => type switch
    {
        NativeType.Boolean => ("must be true or false", "Send true or false without quotes."),
        NativeType.String => ("must be text", "Send it in double quotes."),
        NativeType.Integer => ("must be a whole number within the range of a 64-bit float", "Send a number without quotes and without a fraction, e.g. 4."),
        _ => ("must be a number within the range of a 64-bit float", "Send a number without quotes, e.g. 3.5."),
    };

    private static bool IsInRange(ReadOnlySpan<byte> number)
        => (number.Length <= DigitsWithinRange && number.IndexOfAny((byte)'e', (byte)'E') < 0) || double.IsFinite(Parse(number));

    private static bool IsWhole(ReadOnlySpan<byte> number)
        => number.IndexOfAny("eE."u8) < 0
            ? number.Length <= DigitsWithinRange || double.IsFinite(Parse(number))
            : double.IsInteger(Parse(number));

    private static double Parse(ReadOnlySpan<byte> number)
        => Utf8Parser.TryParse(number, out double value, out _) ? value : double.NaN;
}
