using System.Diagnostics;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>The programs of the distribution that plugins of these tests need.</summary>
public static class Programs
{
    /// <summary>A PATH with the distribution's programs first: version managers like to put slow stand-ins of python3 and flask before them.</summary>
    public static string SearchPath { get; } = $"/usr/bin:/bin:{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>Says what is missing on this machine.</summary>
    /// <param name="needs">Commands such as <c>node</c>, or <c>py:flask</c> for a Python module.</param>
    /// <returns>The first thing that is missing, in words; null where all is there.</returns>
    public static string? FindMissing(params IEnumerable<string> needs)
        => OperatingSystem.IsLinux()
            ? needs.Select(FindMissing).FirstOrDefault(problem => problem is not null)
            : "Plugins as processes are tested on Linux.";

    private static string? FindMissing(string need)
    {
        if (!need.StartsWith("py:", StringComparison.Ordinal))
        {
            return IsThere(need) ? null : $"There is no program '{need}' on this machine.";
        }

        return IsThere("python3") && Imports(need[3..]) ? null : $"Python has no module '{need[3..]}' on this machine.";
    }

    private static bool IsThere(string program) => SearchPath.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static bool Imports(string module)
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["python3", "-c", $"import {module}"]) { RedirectStandardError = true };
        start.Environment["PATH"] = SearchPath;
        using var python = OsProcess.Start(start)!;
        python.StandardError.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0;
    }
}
