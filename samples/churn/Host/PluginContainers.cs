using System.Diagnostics;

namespace ChurnHost;

/// <summary>Finds the containers of a state folder by the label that names it.</summary>
internal static class PluginContainers
{
    /// <summary>Their short ids, whatever their state.</summary>
    public static IReadOnlyList<string> Of(string stateFolder)
    {
        var name = Path.Combine(stateFolder, "instances", "docker.owner");
        if (!File.Exists(name))
        {
            return [];
        }

        var start = new ProcessStartInfo("docker", ["ps", "-aq", "--filter", $"label=stormly.deploy.owner={File.ReadAllText(name)}"]) { RedirectStandardOutput = true };
        using var docker = Process.Start(start)!;
        var output = docker.StandardOutput.ReadToEnd();
        docker.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
