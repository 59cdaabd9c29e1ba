using System.Collections.Immutable;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Manifests;

/// <summary>
/// A plugin's folder as a training run leaves it: the last stage's manifest in <c>manifest.json</c> or <c>manifest-&lt;stage&gt;.json</c>, the results in
/// <c>results.json</c> (one stage) or <c>results-&lt;stage&gt;.json</c>. The manifest says in which order the stages ran.
/// </summary>
public sealed record PluginFolder
{
    internal PluginFolder()
    {
    }

    /// <summary>The folder as it was named.</summary>
    public required string Path { get; init; }

    /// <summary>The path of the last stage's manifest; null where none was found.</summary>
    public string? ManifestFile { get; init; }

    /// <summary>The last stage's manifest; null where there is none that can be read.</summary>
    public PluginManifest? Manifest { get; init; }

    /// <summary>The paths of the result files, in the order in which the stages ran.</summary>
    public ImmutableArray<string> ResultFiles { get; init; } = [];

    /// <summary>What could be read of them, in the same order.</summary>
    public ImmutableArray<StageResult> Results { get; init; } = [];

    /// <summary>Every problem of the folder and of the files in it; not yet those of the merged <c>http</c> object.</summary>
    public ImmutableArray<SpecProblem> Problems { get; init; } = [];

    /// <summary>Whether a problem stops the deployment.</summary>
    public bool HasErrors => Problems.Any(p => p.Severity == ProblemSeverity.Error);

    /// <summary>Reads a plugin's folder. A missing or unreadable folder is a problem like any other.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>What is there and every problem.</returns>
    public static PluginFolder Read(string path) => new PluginFolderReader(path).Read();
}
