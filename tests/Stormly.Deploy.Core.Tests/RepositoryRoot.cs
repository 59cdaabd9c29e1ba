using System.Runtime.CompilerServices;

namespace Stormly.Deploy.Core.Tests;

/// <summary>Finds the working copy that the tests were built from.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find([CallerFilePath] string here = "")
    {
        foreach (var start in new[] { System.IO.Path.GetDirectoryName(here)!, AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(folder.FullName, "Stormly.Deploy.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("No folder with Stormly.Deploy.sln above the tests' source, binaries or working folder.");
    }
}
