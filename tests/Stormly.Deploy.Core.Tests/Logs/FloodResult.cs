namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>What a flood left behind.</summary>
/// <param name="Writer">The kind of writer.</param>
/// <param name="LogFile">Its log.</param>
/// <param name="PeakDiskBytes">The most disk that was ever seen taken, deleted files included.</param>
/// <param name="PeakLength">The greatest length that its log was ever seen to have while it ran.</param>
/// <param name="ExitCode">How the writer ended.</param>
/// <param name="Errors">What it complained about.</param>
public sealed record FloodResult(string Writer, string LogFile, long PeakDiskBytes, long PeakLength, int ExitCode, string Errors);
