using System.Runtime.InteropServices;

namespace Stormly.Deploy.TestSupport;

/// <summary>The program <c>dummy-plugin</c>: a real plugin that behaves as its words say. Its README lists them.</summary>
public static class DummyPlugin
{
    /// <summary>The folder that holds the program.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>A shell command that starts the plugin. It needs nothing from the environment, and leaves no file behind when it is killed.</summary>
    /// <param name="words">Verb and options, as in a shell, e.g. <c>serve --port {port}</c>.</param>
    /// <returns>The command line, one simple command with a leading assignment.</returns>
    public static string Command(string words)
        => $"DOTNET_EnableDiagnostics=0 '{DotnetPath}' '{Path.Combine(Folder, "dummy-plugin.dll")}' {words}";

    /// <summary>The program that runs .NET programs here: the one that runs this test.</summary>
    private static string DotnetPath { get; } = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private static string FindFolder()
    {
        // artifacts/bin/<project>/<configuration>/
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.Combine(own.Parent!.Parent!.FullName, "Stormly.Deploy.DummyPlugin", own.Name);
        return Directory.Exists(folder) ? folder : throw new DirectoryNotFoundException($"The dummy plugin is not at {folder}: build it first.");
    }
}
