using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
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
    /// <summary>The names of settings by the section that they stand in; the empty name stands for the whole.</summary>
    internal static FrozenDictionary<string, string[]> Sections { get; } = new Dictionary<string, string[]>
    {
        [""] = NamesOf<PluginDeploymentOptions>(),
        [nameof(PluginDeploymentOptions.Journal)] = NamesOf<JournalOptions>(),
        [nameof(PluginDeploymentOptions.Recording)] = NamesOf<RecordingOptions>(),
        [nameof(PluginDeploymentOptions.Start)] = NamesOf<StartOptions>(),
        [nameof(PluginDeploymentOptions.StatusCheck)] = NamesOf<StatusCheckOptions>(),
        [nameof(PluginDeploymentOptions.BackOff)] = NamesOf<BackOffOptions>(),
        [nameof(PluginDeploymentOptions.Outlier)] = NamesOf<OutlierOptions>(),
        [nameof(PluginDeploymentOptions.Rollout)] = NamesOf<RolloutOptions>(),
        [nameof(PluginDeploymentOptions.Follow)] = NamesOf<FollowOptions>(),
        [nameof(PluginDeploymentOptions.Scaling)] = NamesOf<ScalingOptions>(),
        [$"{nameof(PluginDeploymentOptions.Scaling)}:{nameof(ScalingOptions.Ray)}"] = NamesOf<RayScalingOptions>(),
        [nameof(PluginDeploymentOptions.Machine)] = NamesOf<MachineLimits>(),
        [nameof(PluginDeploymentOptions.Stop)] = NamesOf<StopOptions>(),
        [nameof(PluginDeploymentOptions.Requests)] = NamesOf<RequestOptions>(),
        [nameof(PluginDeploymentOptions.Examples)] = NamesOf<ExampleOptions>(),
        [nameof(PluginDeploymentOptions.Statistics)] = NamesOf<StatisticsOptions>(),
        [nameof(PluginDeploymentOptions.Features)] = NamesOf<FeatureOptions>(),
        [nameof(PluginDeploymentOptions.Routing)] = NamesOf<RoutingOptions>(),
        [nameof(PluginDeploymentOptions.Logs)] = NamesOf<LogOptions>(),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds them. A whole section that is named like none of ours is somebody else's: a backend's, or the application's own.</summary>
    /// <param name="configuration">The section of <see cref="PluginDeploymentOptions"/>.</param>
    /// <returns>The path of each, fit to be printed, and what may have been meant.</returns>
    public static IEnumerable<(string Path, string Hint)> Find(IConfiguration configuration) => Find(configuration, "");

    private static IEnumerable<(string Path, string Hint)> Find(IConfiguration section, string place)
    {
        if (!Sections.TryGetValue(place, out var known))
        {
            yield break;
        }

        foreach (var child in section.GetChildren())
        {
            if (known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                foreach (var found in Find(child, place.Length == 0 ? child.Key : $"{place}:{child.Key}"))
                {
                    yield return found;
                }
            }
            else if (place.Length > 0 || IsOurs(section, child) || NearMiss.Find(child.Key, known) is not null)
            {
                yield return (PrintableText.Escape(child.Path, maxLength: 200), NearMiss.Hint(child.Key, known));
            }
        }
    }

    /// <summary>A value is meant for us where a section was named; a whole configuration holds the environment, too.</summary>
    private static bool IsOurs(IConfiguration section, IConfigurationSection child) => section is IConfigurationSection && child.Value is not null;

    private static string[] NamesOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>() => [.. typeof(T).GetProperties().Select(p => p.Name)];
}
