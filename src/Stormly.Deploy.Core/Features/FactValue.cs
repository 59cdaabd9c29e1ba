using System.Collections.Immutable;

namespace Stormly.Deploy.Features;

/// <summary>
/// What is known of one fact, in every form that a model may know it by. A feature of native type string gets the spelling that is among the values of its
/// metadata, a boolean gets <see cref="Flag"/>, a number gets <see cref="Number"/>; a form that is not there is not sent.
/// </summary>
public sealed class FactValue
{
    /// <summary>The usual text, e.g. <c>NL</c>; null where it is no text.</summary>
    public string? Text { get; init; }

    /// <summary>Something more exact, which is sent where the model knows it, e.g. <c>nl-BE</c> beside the usual <c>nl</c>; null for none.</summary>
    public string? Exact { get; init; }

    /// <summary>Other spellings of the same, e.g. <c>NLD</c> and <c>Netherlands</c>. Those of one fact stand in the same order for every value.</summary>
    public ImmutableArray<string> Others { get; init; } = [];

    /// <summary>It as a number; null where it is none.</summary>
    public double? Number { get; init; }

    /// <summary>It as true or false; null where it is neither.</summary>
    public bool? Flag { get; init; }

    /// <summary>A fact that is a text.</summary>
    /// <param name="text">The usual text.</param>
    /// <param name="others">Other spellings.</param>
    /// <returns>The value.</returns>
    public static FactValue Of(string text, params ReadOnlySpan<string> others) => new() { Text = text, Others = [.. others] };

    /// <summary>A country with all its spellings: codes of two and three letters, and English names.</summary>
    /// <param name="code">The code of two letters by ISO 3166; one that is unknown has no other spellings.</param>
    /// <returns>The value.</returns>
    public static FactValue OfCountry(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Countries.Find(code) ?? Of(code);
    }
}
