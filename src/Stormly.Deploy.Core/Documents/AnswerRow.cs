using System.Collections.Immutable;

namespace Stormly.Deploy.Documents;

/// <summary>One status code that says why there is no answer.</summary>
/// <param name="Status">The code.</param>
/// <param name="Meaning">What it means, as Markdown of ours.</param>
/// <param name="Slugs">The last parts of the types of its problems.</param>
internal sealed record AnswerRow(int Status, string Meaning, ImmutableArray<string> Slugs)
{
    /// <summary>A header that may come with it; null for none.</summary>
    public string? Header { get; init; }

    /// <summary>Whether its problem lists what is wrong with the request.</summary>
    public bool Lists { get; init; }

    /// <summary>Whether its problem says what the plugin did.</summary>
    public bool TellsPlugin { get; init; }
}
