using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Cli;

/// <summary>A plugin as the command line names it, read and checked as a deployment would.</summary>
internal sealed record PluginInput
{
    /// <summary>The stages that could be read, in their order.</summary>
    public required ImmutableArray<string> Stages { get; init; }

    /// <summary>The merged object, or why there is none.</summary>
    public required HttpSpecReading Http { get; init; }

    /// <summary>The manifest; null where none was named or it could not be read.</summary>
    public PluginManifest? Manifest { get; init; }

    /// <summary>The explanation with the manifest's features; null without a manifest.</summary>
    public PluginExplanation? Explanation { get; init; }

    /// <summary>Every problem.</summary>
    public required ImmutableArray<SpecProblem> Problems { get; init; }

    /// <summary>Whether a manifest was named, readable or not.</summary>
    public bool HasManifest { get; init; }

    /// <summary>How many problems stop a deployment.</summary>
    public int Errors => Problems.Count(p => p.Severity == ProblemSeverity.Error);

    /// <summary>Reads everything; what cannot be read is among the problems.</summary>
    public static PluginInput Read(IReadOnlyList<string> files, string? manifestFile)
    {
        var problems = new List<SpecProblem>();
        var results = new List<StageResult>();
        var whole = true;
        var (manifest, hasManifest) = ReadManifest(manifestFile, problems);
        foreach (var file in files)
        {
            if (Directory.Exists(file))
            {
                var folder = PluginFolder.Read(file);
                results.AddRange(folder.Results);
                whole &= folder.Results.Length == folder.ResultFiles.Length;
                manifest ??= folder.Manifest;
                hasManifest = true;
                problems.AddRange(manifestFile is null ? folder.Problems : folder.Problems.Where(p => p.Origin != OriginOf(folder)));
            }
            else
            {
                var reading = StageResult.ReadFile(file, files.Count == 1 && Path.GetFileName(file) == "results.json" ? manifest?.Stage : null);
                problems.AddRange(reading.Problems);
                whole &= reading.Result is not null;
                results.AddRange(reading.Result is { } result ? [result] : Array.Empty<StageResult>());
            }
        }

        return Check(results, manifest, problems, whole) with { HasManifest = hasManifest };
    }

    private static PluginInput Check(List<StageResult> results, PluginManifest? manifest, List<SpecProblem> problems, bool whole)
    {
        var http = HttpSpecMerge.Merge(results);

        // What a stage that could not be read may have given is not called missing.
        problems.AddRange(http.Problems.Where(p => whole || p.Stage != HttpSpecMerge.MergedStage));
        if (manifest is not null)
        {
            problems.AddRange(StageOrderCheck.Compare(results, manifest));
        }

        var explain = http.Values.FirstOrDefault(v => v.Key == "explain");
        var explanation = ExplanationReader.Read(explain?.Stage ?? HttpSpecMerge.MergedStage, explain?.Value, manifest?.Features ?? []);
        problems.AddRange(explanation.Problems);
        return new PluginInput
        {
            Stages = [.. results.Select(r => r.Stage)],
            Http = http,
            Manifest = manifest,
            Explanation = manifest is null ? null : explanation.Explanation,
            Problems = [.. problems],
        };
    }

    private static (PluginManifest? Manifest, bool Named) ReadManifest(string? file, List<SpecProblem> problems)
    {
        if (file is null)
        {
            return (null, false);
        }

        var reading = PluginManifest.ReadFile(file);
        problems.AddRange(reading.Problems);
        return (reading.Manifest, true);
    }

    private static string? OriginOf(PluginFolder folder) => folder.ManifestFile is { } path ? Path.GetFileName(path) : null;
}
