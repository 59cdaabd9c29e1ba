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

        return Docker("ps", "-aq", "--filter", $"label=stormly.deploy.owner={File.ReadAllText(name)}");
    }

    /// <summary>Does to the container of one instance what a person does by hand, e.g. <c>docker kill</c>.</summary>
    public static void Do(string instance, params string[] words) => Docker([.. words, .. Docker("ps", "-q", "--filter", $"label=stormly.deploy.instance={instance}")]);

    private static string[] Docker(params string[] words)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", words) { RedirectStandardOutput = true })!;
        var output = docker.StandardOutput.ReadToEnd();
        docker.WaitForExit();
        if (docker.ExitCode != 0)
        {
            throw new InvalidOperationException($"'docker {words[0]}' ended with {docker.ExitCode}: its words stand above.");
        }

        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
