using System.Collections.Immutable;

namespace Stormly.Deploy.Plans;

/// <summary>How the plugin's files differ: by bytes, kind and who may execute them, not by dates. The lists are bounded, the counts are not.</summary>
public sealed record FileChanges
{
    /// <summary>The most files that each list names.</summary>
    public const int MaxListed = 50;

    /// <summary>No difference.</summary>
    public static FileChanges None { get; } = new();

    /// <summary>Files and folders that are new, by their path in the plugin's folder, made printable.</summary>
    public ImmutableArray<string> Added { get; init; } = [];

    /// <summary>Those that are not there any more.</summary>
    public ImmutableArray<string> Removed { get; init; } = [];

    /// <summary>Those whose content differs.</summary>
    public ImmutableArray<string> Changed { get; init; } = [];

    /// <summary>How many are new.</summary>
    public int AddedCount { get; init; }

    /// <summary>How many are gone.</summary>
    public int RemovedCount { get; init; }

    /// <summary>How many differ.</summary>
    public int ChangedCount { get; init; }
}
