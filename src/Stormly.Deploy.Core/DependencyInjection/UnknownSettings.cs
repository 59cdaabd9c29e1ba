using Microsoft.Extensions.Configuration;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Features;
using Stormly.Deploy.Following;
using Stormly.Deploy.Health;
using Stormly.Deploy.Json;
using Stormly.Deploy.Logs;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Scaling;
using Stormly.Deploy.Statistics;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.DependencyInjection;

/// <summary>Finds names in a configuration that no setting has.</summary>
internal static class UnknownSettings
{
    /// <summary>The names of <see cref="PluginDeploymentOptions"/>.</summary>
    internal static SettingNames Own { get; } = SettingNames.Of<PluginDeploymentOptions>()
        .With<JournalOptions>(nameof(PluginDeploymentOptions.Journal))
        .With<RecordingOptions>(nameof(PluginDeploymentOptions.Recording))
        .With<StartOptions>(nameof(PluginDeploymentOptions.Start))
        .With<StatusCheckOptions>(nameof(PluginDeploymentOptions.StatusCheck))
        .With<BackOffOptions>(nameof(PluginDeploymentOptions.BackOff))
        .With<OutlierOptions>(nameof(PluginDeploymentOptions.Outlier))
        .With<RolloutOptions>(nameof(PluginDeploymentOptions.Rollout))
        .With<FollowOptions>(nameof(PluginDeploymentOptions.Follow))
        .With<ScalingOptions>(nameof(PluginDeploymentOptions.Scaling))
        .With<RayScalingOptions>($"{nameof(PluginDeploymentOptions.Scaling)}:{nameof(ScalingOptions.Ray)}")
        .With<MachineLimits>(nameof(PluginDeploymentOptions.Machine))
        .With<StopOptions>(nameof(PluginDeploymentOptions.Stop))
        .With<RequestOptions>(nameof(PluginDeploymentOptions.Requests))
        .With<ExampleOptions>(nameof(PluginDeploymentOptions.Examples))
        .With<StatisticsOptions>(nameof(PluginDeploymentOptions.Statistics))
        .With<FeatureOptions>(nameof(PluginDeploymentOptions.Features))
        .With<RoutingOptions>(nameof(PluginDeploymentOptions.Routing))
        .With<LogOptions>(nameof(PluginDeploymentOptions.Logs));

    /// <summary>Finds them.</summary>
    /// <param name="configuration">What was bound.</param>
    /// <param name="names">The names that settings have there.</param>
    /// <param name="guests">Sections directly in it that others bind; null where no section but our own may stand there. Any other whole section that is named like none is left alone: it is the application's.</param>
    /// <returns>The path of each, fit to be printed, and what may have been meant.</returns>
    public static IEnumerable<(string Path, string Hint)> Find(IConfiguration configuration, SettingNames names, IReadOnlyList<string>? guests)
        => Find(configuration, names, "", guests);

    private static IEnumerable<(string Path, string Hint)> Find(IConfiguration section, SettingNames names, string place, IReadOnlyList<string>? guests)
    {
        var checks = names.TryGet(place, out var own);
        string[] known = checks ? [.. own, .. guests ?? []] : [];
        foreach (var child in section.GetChildren())
        {
            if (guests?.Contains(child.Key, StringComparer.OrdinalIgnoreCase) == true)
            {
                continue;
            }

            if (!checks || known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                foreach (var found in Find(child, names, names.Below(place, child.Key), guests: null))
                {
                    yield return found;
                }
            }
            else if (IsMeantForUs(section, child, guests) || NearMiss.Find(child.Key, known) is not null)
            {
                yield return (PrintableText.Escape(child.Path, maxLength: 200), NearMiss.Hint(child.Key, known));
            }
        }
    }

    /// <summary>A whole configuration holds the environment, too; and a section that takes guests holds the application's own sections, but no values.</summary>
    private static bool IsMeantForUs(IConfiguration section, IConfigurationSection child, IReadOnlyList<string>? guests)
        => section is IConfigurationSection && (guests is null || child.Value is not null);
}
