using System.Collections;
using System.Text.Json.Nodes;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>Tells a test what the plugin was given.</summary>
internal static class PluginEnvironment
{
    /// <summary>All variables, the working folder, the umask and the limits that a test asks about.</summary>
    public static string ToJson()
    {
        var variables = new JsonObject();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value;
        }

        return new JsonObject
        {
            ["pid"] = Environment.ProcessId,
            ["workFolder"] = Environment.CurrentDirectory,
            ["umask"] = Field("/proc/self/status", "Umask:"),
            ["coreLimit"] = Field("/proc/self/limits", "Max core file size"),
            ["openFiles"] = Field("/proc/self/limits", "Max open files"),
            ["oomScoreAdj"] = File.Exists("/proc/self/oom_score_adj") ? File.ReadAllText("/proc/self/oom_score_adj").Trim() : null,
            ["standardInput"] = new FileInfo("/proc/self/fd/0").LinkTarget,
            ["variables"] = variables,
        }.ToJsonString();
    }

    private static string? Field(string file, string name)
        => File.Exists(file) && File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[name.Length..].Split(' ', '\t').First(w => w.Length > 0)
            : null;
}
