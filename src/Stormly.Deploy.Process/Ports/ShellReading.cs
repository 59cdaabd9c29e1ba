namespace Stormly.Deploy.Process.Ports;

/// <summary>A command line in pieces.</summary>
/// <param name="Tokens">The pieces in order; incomplete where <paramref name="Refusal"/> is set.</param>
/// <param name="ReadsPort">Whether the shell expands the variable PORT somewhere.</param>
/// <param name="Refusal">What makes its meaning uncertain, as the end of the sentence "startServerCmd …"; null where all of it was read.</param>
internal sealed record ShellReading(IReadOnlyList<ShellToken> Tokens, bool ReadsPort, string? Refusal);
