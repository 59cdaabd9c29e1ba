using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Following;

/// <summary>Why what a folder holds cannot be deployed, told in a line. Pure.</summary>
internal static class SourceProblems
{
    private const int Listed = 3;

    /// <summary>Tells problems of a reading.</summary>
    /// <param name="problems">All of them.</param>
    /// <returns>The errors, the first ones in words.</returns>
    public static FollowConclusion Tell(ImmutableArray<SpecProblem> problems)
    {
        var errors = problems.Where(p => p.Severity == ProblemSeverity.Error).ToList();
        var more = errors.Count > Listed ? string.Create(CultureInfo.InvariantCulture, $" And {errors.Count - Listed} more problems.") : "";
        var key = string.Join('\n', errors.Select(e => $"{e.Origin} {e.Stage} {e.Pointer} {e.Rule}"));
        return FollowConclusion.Unusable(string.Join(" ", errors.Take(Listed)) + more, key);
    }

    /// <summary>
    /// Finds a stage whose results the wanted revision was made with, and whose file is missing now although the manifest names the stage: then the run has not
    /// got there yet.
    /// </summary>
    /// <param name="wanted">The spec of the wanted revision.</param>
    /// <param name="manifest">The manifest as it is now.</param>
    /// <param name="stages">The stages whose results are there now.</param>
    /// <returns>What is missing; null where nothing is.</returns>
    public static FollowConclusion? FindMissing(HttpSpec wanted, PluginManifest manifest, IReadOnlyCollection<string> stages)
    {
        var before = wanted.Values.SelectMany(v => v.Overrode.Append(v.Stage)).ToHashSet(StringComparer.Ordinal);
        var missing = manifest.StageOrder.FirstOrDefault(s => before.Contains(s) && !stages.Contains(s));
        return missing is null ? null : FollowConclusion.Unusable(
            $"it has no results of the stage {Model.PrintableText.Escape(missing, maxLength: StageFiles.MaxStageLength)}, which the wanted revision was made with and the manifest names: the run seems to be under way. Deploy it by a call if it is complete.",
            $"missing {missing}");
    }
}
