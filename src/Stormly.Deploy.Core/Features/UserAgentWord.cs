namespace Stormly.Deploy.Features;

/// <summary>A word of user agents.</summary>
/// <param name="Word">How it is written; case does not count.</param>
/// <param name="Kind">What it says something about.</param>
/// <param name="Name">What it says.</param>
/// <param name="Rank">Of several such words in one string the one with the highest rank counts, and of equals the first.</param>
internal sealed record UserAgentWord(string Word, UserAgentWordKind Kind, string Name, int Rank);
