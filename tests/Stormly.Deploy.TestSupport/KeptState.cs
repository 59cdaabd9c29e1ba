using System.Text.Json;

namespace Stormly.Deploy.TestSupport;

/// <summary>What a state folder says would come back, read as it lies there at this moment: with no code but this, as a person would read it.</summary>
public static class KeptState
{
    private const int HeadLength = 27;

    /// <summary>Where a deployment's journal lies.</summary>
    public static string JournalOf(string stateFolder, string plugin) => Path.Combine(stateFolder, "deployments", $"{plugin}.journal");

    /// <summary>The digest of the revision that would serve, with its number; empty where nothing would come back.</summary>
    public static string ServesOf(string stateFolder, string plugin) => Read(stateFolder, plugin, "serves");

    /// <summary>The same of the revision that would be rolled out again.</summary>
    public static string ComingOf(string stateFolder, string plugin) => Read(stateFolder, plugin, "rollout");

    private static string Read(string stateFolder, string plugin, string part)
    {
        var found = "";
        foreach (var line in File.Exists(JournalOf(stateFolder, plugin)) ? File.ReadAllText(JournalOf(stateFolder, plugin)).Split('\n')[..^1] : [])
        {
            using var record = JsonDocument.Parse(line[HeadLength..]);
            if (record.RootElement.TryGetProperty("state", out var state))
            {
                found = state.TryGetProperty(part, out var fleet) ? $"{fleet.GetProperty("revision").GetString()} {fleet.GetProperty("instances").GetInt32()}" : "";
            }
        }

        return found;
    }
}
