namespace Stormly.Deploy.Logs;

/// <summary>One line that was found.</summary>
/// <param name="File">The name of the file: the log's or its rotation's.</param>
/// <param name="Offset">Where the line began in the file, in bytes, when it was read.</param>
/// <param name="Line">The line, printable.</param>
public sealed record LogMatch(string File, long Offset, string Line);
