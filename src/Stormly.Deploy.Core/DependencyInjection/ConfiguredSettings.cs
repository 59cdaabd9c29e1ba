using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.DependencyInjection;

/// <summary>A section that options of the host application come from. The framework leaves out what it does not know, so that a slip in a name would go unnoticed.</summary>
/// <param name="section">The section.</param>
/// <param name="names">The names that settings have there.</param>
internal sealed partial class ConfiguredSettings(IConfiguration section, SettingNames names)
{
    private readonly IConfiguration _section = section;
    private readonly SettingNames _names = names;

    private string Path => (_section as IConfigurationSection)?.Path ?? "";

    /// <summary>Our own options are the only ones that share their section with sections of others.</summary>
    private bool IsOwn => _names == UnknownSettings.Own;

    /// <summary>Warns once of every name that no setting has.</summary>
    /// <param name="all">The sections; the same one may stand there twice.</param>
    /// <param name="logger">Where to.</param>
    public static void WarnOfUnknown(IEnumerable<ConfiguredSettings> all, ILogger logger)
    {
        ConfiguredSettings[] sections = [.. all.OrderByDescending(static s => s.IsOwn)];
        foreach (var bound in sections.GroupBy(static s => s.Path, StringComparer.OrdinalIgnoreCase))
        {
            foreach (var (path, hint) in bound.Select(s => s.Find(sections)).Aggregate(UnknownToBoth))
            {
                LogUnknown(logger, path, hint);
            }
        }
    }

    private List<(string Path, string Hint)> Find(IEnumerable<ConfiguredSettings> all) => [.. UnknownSettings.Find(_section, _names, IsOwn ? Guests(all) : null)];

    /// <summary>The names of the sections within this one that others bind.</summary>
    private string[] Guests(IEnumerable<ConfiguredSettings> all)
        => [.. all.Where(s => s.Path.Length > 0 && string.Equals(ConfigurationPath.GetParentPath(s.Path) ?? "", Path, StringComparison.OrdinalIgnoreCase)).Select(static s => ConfigurationPath.GetSectionKey(s.Path))];

    /// <summary>Where several kinds of options are bound to one section, a name has no effect that none of them has.</summary>
    private static List<(string Path, string Hint)> UnknownToBoth(List<(string Path, string Hint)> one, List<(string Path, string Hint)> other)
        => [.. one.Where(o => other.Exists(t => $"{o.Path}:".StartsWith($"{t.Path}:", StringComparison.Ordinal)))];

    [LoggerMessage(1090, LogLevel.Warning, "'{Setting}' is no setting and has no effect. {Hint}")]
    private static partial void LogUnknown(ILogger logger, string setting, string hint);
}
