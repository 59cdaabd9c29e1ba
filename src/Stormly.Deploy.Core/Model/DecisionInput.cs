namespace Stormly.Deploy.Model;

/// <summary>One thing that a decision was made from.</summary>
/// <param name="Name">What it is, e.g. "failures in a row".</param>
/// <param name="Value">What it was at that moment, with its unit, e.g. "3" or "1.5 s".</param>
public readonly record struct DecisionInput(string Name, string Value);
