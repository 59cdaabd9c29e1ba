namespace Stormly.Deploy.Testing;

/// <summary>The levels of conformance, as values of the trait <c>Conformance</c>.</summary>
internal static class ConformanceLevels
{
    public const string Trait = "Conformance";
    public const string Core = "core";
    public const string Logs = "logs";
    public const string Adoption = "adoption";
    public const string Isolation = "isolation";
    public const string Faults = "faults";

    /// <summary>All of them, in the order in which a report lists them.</summary>
    public static IReadOnlyList<string> All { get; } = [Core, Logs, Adoption, Isolation, Faults];
}
