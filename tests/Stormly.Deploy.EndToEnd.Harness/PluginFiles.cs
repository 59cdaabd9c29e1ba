using System.Text.Json;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>Writes the folder of a plugin as its stages would leave it: results, manifest and files.</summary>
public static class PluginFiles
{
    /// <summary>One stage, <c>initial</c>, with a plain <c>http</c> object.</summary>
    /// <param name="folder">The folder to fill.</param>
    /// <param name="command">The start command, with the port in it.</param>
    /// <param name="requestPath">Where requests go.</param>
    /// <param name="options">Handed on to the server manifest; another value makes another revision.</param>
    /// <param name="port">The port that the results name.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, string command, string requestPath = "/predict", string options = "first", int port = 5000)
    {
        var results = new
        {
            data = new { },
            status = new { code = "success" },
            http = new
            {
                port,
                statusPath = "/status_check",
                requestPath,
                startServerCmd = command,
                options = new { model = options },
                explain = new { inputs = new { feature_1 = new { required = false } } },
            },
        };
        var manifest = new
        {
            stage = "initial",
            downloadUrls = new { },
            inputData = new { },
            inputParams = new { },
            metadata = new { features = new { feature_1 = new { name = "Country", type = "categorical", nativeType = "string", mostCommon = "NL" } } },
        };
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "results-initial.json"), JsonSerializer.Serialize(results));
        File.WriteAllText(Path.Combine(folder, "manifest-initial.json"), JsonSerializer.Serialize(manifest));
        return folder;
    }

    /// <summary>Copies the files of one of the plugins that stand beside these tests.</summary>
    public static void CopyFiles(string plugin, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("tests", "Stormly.Deploy.EndToEnd.Tests", "Plugins", plugin)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
