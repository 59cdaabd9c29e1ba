namespace Stormly.Deploy.Model;

/// <summary>A decision as a reader gets it who follows them.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Skipped">How many decisions between the one before and this one are kept no more; 0 where none is missing.</param>
public readonly record struct WatchedDecision(DecisionRecord Decision, long Skipped);
