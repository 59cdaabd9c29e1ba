using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Cli;

/// <summary>Compares the order of the files on the command line with the order of stages in the manifest.</summary>
internal static class StageOrderCheck
{
    /// <summary>A warning for each file that stands where the manifest has another stage, or that the manifest does not know.</summary>
    public static IEnumerable<SpecProblem> Compare(IReadOnlyList<StageResult> results, PluginManifest manifest)
    {
        var last = -1;
        foreach (var result in results)
        {
            var place = manifest.StageOrder.IndexOf(result.Stage);
            if (place < 0)
            {
                yield return Warn(result, "is not a stage of the manifest", manifest);
            }
            else if (place < last)
            {
                yield return Warn(result, "ran earlier than the file before it", manifest);
            }

            last = Math.Max(last, place);
        }
    }

    private static SpecProblem Warn(StageResult result, string rule, PluginManifest manifest) => new()
    {
        Severity = ProblemSeverity.Warning,
        Stage = PrintableText.Escape(result.Stage, maxLength: 80),
        Origin = PrintableText.Escape(result.Origin),
        Pointer = "",
        Rule = rule,
        Remedy = $"The manifest has the stages {PrintableText.Escape(string.Join(", ", manifest.StageOrder), maxLength: 300)}; name the files in that order.",
    };
}
