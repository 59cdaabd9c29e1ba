namespace Stormly.Deploy.Statistics;

/// <summary>What came of reading rows.</summary>
/// <param name="Read">How many were counted.</param>
/// <param name="Skipped">How many were not, because they are no JSON object, or too large.</param>
/// <param name="FirstProblem">What was wrong with the first one that was skipped; null where none was.</param>
/// <param name="More">Whether there were more than are read in one go.</param>
public sealed record FeatureRowsReport(long Read, long Skipped, string? FirstProblem, bool More);
