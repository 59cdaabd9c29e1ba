namespace Stormly.Deploy.Plans;

/// <summary>One variable of the instances' environment that differs. Its values are not shown: they may be secrets.</summary>
/// <param name="Name">The variable, made printable.</param>
/// <param name="Kind">What became of it.</param>
public sealed record EnvironmentChange(string Name, ChangeKind Kind);
