namespace Stormly.Deploy.Cli;

/// <summary>Where the tool writes.</summary>
/// <param name="Stream">Standard output as bytes, so that a manifest leaves exactly as it is.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsTerminal">Whether a person reads along: colours and line wrapping, else plain text.</param>
internal sealed record ToolOutput(Stream Stream, TextWriter Error, bool IsTerminal);
