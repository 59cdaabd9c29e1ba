namespace Stormly.Deploy.Hosts;

/// <summary>The answer to "who listens at the instance's address?".</summary>
/// <param name="Verdict">Who it is.</param>
/// <param name="Detail">The finding in words, with what would help, wherever it is not <see cref="ListenerVerdict.Ours"/>.</param>
public sealed record ListenerCheck(ListenerVerdict Verdict, string Detail = "");
