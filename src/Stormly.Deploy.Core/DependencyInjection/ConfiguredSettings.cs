using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.DependencyInjection;

/// <summary>The section that a host application's options come from. The framework leaves out what it does not know, so that a slip in a name would go unnoticed.</summary>
/// <param name="section">The section.</param>
internal sealed partial class ConfiguredSettings(IConfiguration section)
{
    private readonly IConfiguration _section = section;

    /// <summary>Warns once of every name that no setting has.</summary>
    /// <param name="all">The sections; the same one may stand there twice.</param>
    /// <param name="logger">Where to.</param>
    public static void WarnOfUnknown(IEnumerable<ConfiguredSettings> all, ILogger logger)
    {
        foreach (var (path, hint) in all.SelectMany(s => UnknownSettings.Find(s._section)).Distinct())
        {
            LogUnknown(logger, path, hint);
        }
    }

    [LoggerMessage(1090, LogLevel.Warning, "'{Setting}' is no setting and has no effect. {Hint}")]
    private static partial void LogUnknown(ILogger logger, string setting, string hint);
}
