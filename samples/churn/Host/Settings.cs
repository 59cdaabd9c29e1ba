using System.Globalization;

namespace ChurnHost;

/// <summary>What this program is given on its command line.</summary>
internal static class Settings
{
    public const string Plugin = "Plugin";
    public const string StateFolder = "PluginDeployment:StateFolder";
    public const string Port = "Port";

    /// <summary>Says what is missing or cannot be, before anything is started.</summary>
    public static string? FindProblem(IConfiguration settings)
        => string.IsNullOrEmpty(settings[Plugin]) ? $"Say which folder train.sh has filled: {Plugin}=FOLDER"
            : string.IsNullOrEmpty(settings[StateFolder]) ? $"Say where deployments are kept: {StateFolder}=FOLDER"
            : settings[Port] is { } port && !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"{Port} must be a number from 0 to 65535, 0 for any that is free, was: '{port}'"
            : null;
}
