namespace Stormly.Deploy.Features;

/// <summary>What the library knows of one of its facts.</summary>
/// <param name="Fact">Its name, one of <see cref="FeatureFacts"/>.</param>
/// <param name="By">What it is taken from, in words for the end user.</param>
/// <param name="Forms">The forms that it has.</param>
internal sealed record FactDescription(string Fact, string By, FactForms Forms)
{
    /// <summary>
    /// What features that are this fact are called, folded as <see cref="FeatureNameFold"/> does. After a colon stands which spelling the name asks for: <c>exact</c>, or the place among
    /// <see cref="FactValue.Others"/> from 1.
    /// </summary>
    public required string Names { get; init; }

    /// <summary>Every value, for a fact that has few; empty where anything can be a value.</summary>
    public IReadOnlyList<FactValue> Vocabulary { get; init; } = [];

    /// <summary>The greatest number that it can be; null where there is no such limit.</summary>
    public int? Greatest { get; init; }
}
