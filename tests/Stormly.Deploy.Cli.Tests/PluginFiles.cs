namespace Stormly.Deploy.Cli.Tests;

/// <summary>A folder of one test's own, with files of a plugin.</summary>
internal sealed class PluginFiles : IDisposable
{
    public const string GoodHttp = """{"port": 5000, "statusPath": "/status", "requestPath": "/predict", "startServerCmd": "run -p 5000"}""";

    public string Folder { get; } = Directory.CreateTempSubdirectory("stormly-cli-").FullName;

    public static PluginFiles OfExamples()
    {
        var files = new PluginFiles();
        foreach (var name in new[] { "results-initial.json", "results-trainMore.json", "manifest-trainMore.json" })
        {
            File.Copy(ToolRun.Example(name), files.PathOf(name));
        }

        return files;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
