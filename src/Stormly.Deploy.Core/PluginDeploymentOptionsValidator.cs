using Microsoft.Extensions.Options;
using Stormly.Deploy.Logs;
using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>Checks all options at once, so that one start of the host application tells every mistake.</summary>
internal sealed class PluginDeploymentOptionsValidator : IValidateOptions<PluginDeploymentOptions>
{
    public ValidateOptionsResult Validate(string? name, PluginDeploymentOptions options)
    {
        var rules = new OptionRules();
        rules.Require(
            options.StateFolder is null || (options.StateFolder.Length > 0 && !options.StateFolder.Contains('\0', StringComparison.Ordinal)),
            nameof(options.StateFolder), "be a path", $"'{PrintableText.Escape(options.StateFolder)}'");
        rules.Require(Enum.IsDefined(options.WhenHostEnds), nameof(options.WhenHostEnds), $"be one of {string.Join(", ", Enum.GetNames<HostEndAction>())}", options.WhenHostEnds.ToString());
        rules.Between(nameof(options.DecisionsKept), options.DecisionsKept, 1, 10_000);
        options.Journal.Check(nameof(options.Journal), rules);
        options.Recording.Check(nameof(options.Recording), rules);
        options.Start.Check(nameof(options.Start), rules);
        options.StatusCheck.Check(nameof(options.StatusCheck), rules);
        options.BackOff.Check(nameof(options.BackOff), rules);
        options.Outlier.Check(nameof(options.Outlier), rules);
        options.Rollout.Check(nameof(options.Rollout), rules);
        options.Follow.Check(nameof(options.Follow), rules);
        options.Scaling.Check(nameof(options.Scaling), rules);
        options.Machine.Check(nameof(options.Machine), rules);
        options.Stop.Check(nameof(options.Stop), rules);
        options.Routing.Check(nameof(options.Routing), rules);
        options.Requests.Check(nameof(options.Requests), rules);
        options.Examples.Check(nameof(options.Examples), rules);
        options.Statistics.Check(nameof(options.Statistics), rules);
        options.Features.Check(nameof(options.Features), rules);
        rules.Between($"{nameof(options.Logs)}:{nameof(options.Logs.CapBytes)}", options.Logs.CapBytes, LogOptionsValidator.MinCapBytes, long.MaxValue);
        return rules.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(rules.Problems);
    }
}
