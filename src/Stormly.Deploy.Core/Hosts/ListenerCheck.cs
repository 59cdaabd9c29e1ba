namespace Stormly.Deploy.Hosts;

/// <summary>The answer to "who listens at the instance's address?".</summary>
/// <param name="Verdict">Who it is.</param>
/// <param name="Detail">The finding in words, with what would help, wherever it is not <see cref="ListenerVerdict.Ours"/>.</param>
/// <param name="IsFinal">Whether waiting cannot change it: a start that is found so is given up at once, not at its deadline.</param>
public sealed record ListenerCheck(ListenerVerdict Verdict, string Detail = "", bool IsFinal = false);
