namespace Stormly.Deploy.Testing.Tests;

/// <summary>A suite counts what this whole process holds: other tests wait.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ConformanceCollection
{
    public const string Name = "conformance, alone";
}
