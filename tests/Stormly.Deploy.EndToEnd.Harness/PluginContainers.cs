using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>What a person does to containers by hand, with the engine's own command line.</summary>
public static partial class PluginContainers
{
    /// <summary>The image with Python and Flask that <c>eng/docker.sh</c> makes.</summary>
    public const string Image = "stormly-test/flask:latest";

    /// <summary>What is missing here for plugins in containers; null where nothing is.</summary>
    public static async Task<string?> FindMissingAsync()
    {
        try
        {
            await DockerAsync("image", "inspect", "--format", "{{.Id}}", Image);
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"No Docker engine with the image {Image}; eng/docker.sh provides both where it can. ({error.Message.Trim()})";
        }
    }

    /// <summary>The containers of a state folder, or of one instance in it, by their ids, whatever their state.</summary>
    public static Task<string[]> OfAsync(string stateFolder, Model.InstanceId? instance = null)
        => ListAsync(stateFolder, ["-aq", "--no-trunc", .. instance is null ? Array.Empty<string>() : ["--filter", $"label=stormly.deploy.instance={instance}"]]);

    /// <summary>The ports of this machine that lead to the containers of a state folder. One question: whatever is removed meanwhile is in the answer or not.</summary>
    public static async Task<int[]> PortsAsync(string stateFolder)
        => [.. (await ListAsync(stateFolder, ["--format", "{{.Ports}}"])).SelectMany(line => PublishedPort().Matches(line)).Select(m => int.Parse(m.Groups["port"].Value, CultureInfo.InvariantCulture)).Distinct()];

    private static async Task<string[]> ListAsync(string stateFolder, string[] words)
    {
        var name = Path.Combine(stateFolder, "instances", "docker.owner");
        return File.Exists(name)
            ? (await DockerAsync(["ps", "--filter", $"label=stormly.deploy.owner={await File.ReadAllTextAsync(name)}", .. words])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [];
    }

    /// <summary>Runs the engine's command line.</summary>
    /// <param name="words">Its words.</param>
    /// <returns>What it printed.</returns>
    public static async Task<string> DockerAsync(params string[] words)
    {
        using var process = OsProcess.Start(new ProcessStartInfo("docker", words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(await errors);
    }

    [GeneratedRegex(@":(?<port>\d+)->", RegexOptions.ExplicitCapture)]
    private static partial Regex PublishedPort();
}
