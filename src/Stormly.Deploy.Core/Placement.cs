using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy;

/// <summary>Asks the backend whether it can run what is wanted, before anything is started.</summary>
internal static class Placement
{
    /// <summary>Asks, and refuses what does not fit.</summary>
    /// <param name="host">The backend.</param>
    /// <param name="plugin">The plugin.</param>
    /// <param name="spec">What would run.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="size">How many, at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The goal, with the backend's ceiling.</returns>
    /// <exception cref="PluginSpecException">It cannot run that many.</exception>
    public static async Task<FleetGoal> CheckAsync(
        IInstanceHost host, PluginName plugin, HttpSpec spec, RevisionId revision, FleetSize size, CancellationToken cancellationToken)
    {
        var wanted = size.Most;
        var plan = new PlacementPlan(plugin, spec.StartServerCmd, spec.Port, wanted);
        var answer = await host.CheckPlacementAsync(plan, cancellationToken).ConfigureAwait(false);
        return answer.MaxInstances >= wanted
            ? size.ToGoal(revision, answer.MaxInstances, answer.Reason ?? "")
            : throw new PluginSpecException(plugin.Value, [Refusal(spec, wanted, answer)]);
    }

    /// <summary>Says what does not fit, as a problem of the plugin's spec.</summary>
    /// <param name="spec">What would run.</param>
    /// <param name="wanted">How many.</param>
    /// <param name="answer">The backend's answer, with fewer.</param>
    /// <returns>The problem.</returns>
    public static SpecProblem Refusal(HttpSpec spec, int wanted, PlacementAnswer answer) => new()
    {
        Severity = ProblemSeverity.Error,
        Stage = spec.Values.FirstOrDefault(v => v.Key == "startServerCmd")?.Stage ?? HttpSpecMerge.MergedStage,
        Pointer = "/http/startServerCmd",
        Value = PrintableText.Escape(spec.StartServerCmd, maxLength: 200),
        Rule = string.Create(CultureInfo.InvariantCulture, $"must allow {wanted} instance(s) at once, but the backend can run {answer.MaxInstances}"),
        Remedy = answer.Reason ?? $"Ask for at most {answer.MaxInstances}.",
    };
}
