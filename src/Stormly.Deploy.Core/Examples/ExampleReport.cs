using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Examples;

/// <summary>What came of running the examples of a plugin.</summary>
public sealed record ExampleReport
{
    /// <summary>The revision that they were run against.</summary>
    public required RevisionId Revision { get; init; }

    /// <summary>What came of each example that was run.</summary>
    public required ImmutableArray<ExampleVerification> Results { get; init; }

    /// <summary>Why others were not run, in words: an example that lacks another, no instance that was free, no more time. Empty where all were.</summary>
    public ImmutableArray<string> NotRun { get; init; } = [];

    /// <summary>Whether everything that was run passed.</summary>
    public bool Passed => Results.All(r => r.Passed);
}
