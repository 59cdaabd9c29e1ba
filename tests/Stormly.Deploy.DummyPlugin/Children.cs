using System.Diagnostics;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>Starts further processes of this program: those that a stop must not forget.</summary>
internal static class Children
{
    /// <summary>A child in the same session.</summary>
    public static void Spawn() => Start(Environment.ProcessPath!, [.. Self(), "hang"]);

    /// <summary>A process with a session of its own, out of reach of the plugin's process group.</summary>
    public static void Escape(string[] words)
    {
        using var started = Start("setsid", [Environment.ProcessPath!, .. Self(), .. words]);
    }

    /// <summary>What must stand before the words where this runs as <c>dotnet dummy-plugin.dll</c>.</summary>
    private static string[] Self()
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Children).Assembly.Location] : [];

    private static Process Start(string program, string[] words) => Process.Start(new ProcessStartInfo(program, words) { UseShellExecute = false })!;
}
