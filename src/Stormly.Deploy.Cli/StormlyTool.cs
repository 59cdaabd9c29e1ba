using System.CommandLine;
using System.Text;

namespace Stormly.Deploy.Cli;

/// <summary>The command line: reads it, runs the command, answers the exit code.</summary>
internal static class StormlyTool
{
    /// <summary>All is well; there may be warnings.</summary>
    public const int Success = 0;

    /// <summary>The plugin cannot be deployed as it is, or a file could not be written.</summary>
    public const int Failure = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;

    /// <summary>Runs the tool.</summary>
    public static int Run(string[] args, ToolOutput output)
    {
        var root = new RootCommand("Checks deployable plugins and writes what they need.")
        {
            CheckCommand.Create(output),
            ManifestCommand.Create(output),
            ReplayCommand.Create(output),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return UsageError(output, parsed.CommandResult.Command, parsed.Errors.Select(e => e.Message));
        }

        using var text = new StreamWriter(output.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        return parsed.Invoke(new InvocationConfiguration { Output = text, Error = output.Error });
    }

    /// <summary>Says what is wrong with the command line and where to read on.</summary>
    public static int UsageError(ToolOutput output, Command command, IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            output.Error.WriteLine(Model.PrintableText.Escape(message));
        }

        var name = command is RootCommand ? "stormly" : $"stormly {command.Name}";
        output.Error.WriteLine($"Run '{name} --help' to see how it is used.");
        return Usage;
    }
}
