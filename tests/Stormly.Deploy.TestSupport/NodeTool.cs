using System.Diagnostics;

namespace Stormly.Deploy.TestSupport;

/// <summary>Programs for Node that tests let judge, with their packages in <c>tests/tools</c>; test.sh installs those.</summary>
public static class NodeTool
{
    private static readonly string Tools = Path.Combine(FindRoot(), "tests", "tools");

    /// <summary>Says what keeps a tool from running.</summary>
    /// <param name="tool">Its folder.</param>
    /// <returns>The reason to skip, in words; null where it runs.</returns>
    public static string? FindMissing(string tool)
    {
        if (!SearchPath().Any(folder => File.Exists(Path.Combine(folder, "node"))))
        {
            return "There is no program 'node' on this machine.";
        }

        return Directory.Exists(Path.Combine(Tools, tool, "node_modules")) ? null : $"The npm packages of tests/tools/{tool} are not there; eng/npm.sh installs them where a registry has them.";
    }

    /// <summary>Runs one of a tool's programs to its end.</summary>
    /// <param name="tool">The tool's folder.</param>
    /// <param name="program">The program in it.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its exit code and all that it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string tool, string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Tools, tool, program), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        try
        {
            var errors = node.StandardError.ReadToEndAsync(cancellationToken);
            var output = await node.StandardOutput.ReadToEndAsync(cancellationToken);
            await node.WaitForExitAsync(cancellationToken);
            return (node.ExitCode, output + await errors);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string[] SearchPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Stormly.Deploy.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Stormly.Deploy.sln.");
    }
}
