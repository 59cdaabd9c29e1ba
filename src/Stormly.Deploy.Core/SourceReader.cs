using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Stages;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <summary>Reads a source into what can be stored and run, or finds every problem of it.</summary>
internal static class SourceReader
{
    private static readonly string[] Reserved = ["MANIFEST_FILE", "LOG_FILE", "PORT"];

    /// <summary>Reads all documents of a source, merges and checks them.</summary>
    /// <param name="source">The source.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What can be stored.</returns>
    /// <exception cref="PluginSpecException">It cannot be deployed; carries all problems.</exception>
    public static async Task<RevisionContent> ReadAsync(PluginSource source, CancellationToken cancellationToken)
    {
        var (content, problems) = await TryReadAsync(source, cancellationToken).ConfigureAwait(false);
        return content ?? throw new PluginSpecException(source.Name.Value, problems);
    }

    /// <summary>The same, with the problems as an answer.</summary>
    /// <param name="source">The source.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What can be stored, null where an error stops it; and every problem, warnings included.</returns>
    public static async Task<(RevisionContent? Content, ImmutableArray<SpecProblem> Problems)> TryReadAsync(PluginSource source, CancellationToken cancellationToken)
    {
        var stages = source.Results.Select(r => StageResult.Read(r.Stage, r.Origin, r.Utf8)).ToList();
        var merged = HttpSpecMerge.Merge([.. stages.Select(s => s.Result).OfType<StageResult>()]);
        var (manifest, missing) = await ReadManifestAsync(source, cancellationToken).ConfigureAwait(false);
        ImmutableArray<SpecProblem> problems =
        [
            .. stages.SelectMany(s => s.Problems), .. merged.Problems, .. manifest?.Problems ?? [], .. missing, .. CheckEnvironment(source.Environment), .. CheckSize(source),
        ];
        return merged.Spec is { } spec && manifest?.Manifest is { } read && problems.All(p => p.Severity != ProblemSeverity.Error)
            ? (new RevisionContent(source.Name, spec, read, source.Folder, source.Environment), problems)
            : (null, problems);
    }

    /// <summary>Makes a stored revision ready to run.</summary>
    /// <param name="stored">The revision.</param>
    /// <param name="options">How requests are checked and completed.</param>
    /// <param name="sources">Who but the caller supplies features.</param>
    /// <param name="manifest">Where newer download addresses come from; null where only the stored manifest is left.</param>
    /// <returns>The revision.</returns>
    public static RunnableRevision MakeRunnable(
        StoredRevision stored, RequestOptions options, FeatureSources sources, Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>>? manifest)
    {
        var stage = stored.Spec.Values.FirstOrDefault(v => v.Key == "explain")?.Stage ?? HttpSpecMerge.MergedStage;
        var answers = new AnswerMemory(options.LastAnswer);
        // Planned by what the manifest says alone: what is learned from callers must not decide which feature is which.
        var plan = sources.Plan(stored.Plugin.Value, stored.Manifest.Features);
        return new RunnableRevision(stored, Compile(stored.Manifest.Features), manifest) { Compile = Compile };

        PluginEndpoint Compile(ImmutableArray<FeatureDescriptor> features)
        {
            var reading = plan is null
                ? ExplanationReader.Read(stage, stored.Spec.Explain, features)
                : ExplanationReader.Read(stage, stored.Spec.Explain, features, plan.Sources);
            var contract = RequestContract.Create(reading.Explanation, features, options);
            return new PluginEndpoint(stored.Spec.RequestPath, contract, stored.Id) { Answers = answers, Features = plan?.For(contract) };
        }
    }

    private static async Task<(ManifestReading? Reading, ImmutableArray<SpecProblem> Problems)> ReadManifestAsync(PluginSource source, CancellationToken cancellationToken)
    {
        try
        {
            var text = await source.Manifest(cancellationToken).ConfigureAwait(false);
            return (PluginManifest.Read(source.ManifestOrigin, text.ToArray()), []);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, [Problem("manifest", "", $"must be readable, but its source failed: {error.Message}", "Mend the source of the manifest.", source.ManifestOrigin)]);
        }
    }

    private static IEnumerable<SpecProblem> CheckEnvironment(ImmutableDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
            {
                yield return Problem("environment", $"/{PrintableText.Escape(name)}", "must have a name without '=' and no NUL", "Rename the variable.");
            }
            else if (Reserved.Contains(name))
            {
                yield return Problem("environment", $"/{name}", "must not be one of MANIFEST_FILE, LOG_FILE and PORT, which the library sets", "Leave it out.");
            }
        }
    }

    private static IEnumerable<SpecProblem> CheckSize(PluginSource source)
        => FleetSize.Check(source.Instances, source.Scale, source.MaxRequestsPerInstance, source.MemoryBytes).Select(p => Problem("deployment", $"/{p.Place}", p.Rule, p.Remedy));

    private static SpecProblem Problem(string stage, string pointer, string rule, string remedy, string? origin = null)
        => new() { Severity = ProblemSeverity.Error, Stage = stage, Pointer = pointer, Rule = rule, Remedy = remedy, Origin = origin };
}
