using System.Diagnostics;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>What a person does to containers by hand, with the engine's own command line.</summary>
public static class PluginContainers
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
    public static async Task<string[]> OfAsync(string stateFolder, Model.InstanceId? instance = null)
    {
        string[] one = instance is null ? [] : ["--filter", $"label=stormly.deploy.instance={instance}"];
        var name = Path.Combine(stateFolder, "instances", "docker.owner");
        return File.Exists(name)
            ? (await DockerAsync(["ps", "-aq", "--no-trunc", "--filter", $"label=stormly.deploy.owner={await File.ReadAllTextAsync(name)}", .. one])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
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
}
