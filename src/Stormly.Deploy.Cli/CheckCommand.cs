using System.CommandLine;

namespace Stormly.Deploy.Cli;

/// <summary><c>stormly check</c>: the merged http object with the origin of every value, and every problem.</summary>
internal static class CheckCommand
{
    public static Command Create(ToolOutput output)
    {
        var input = new InputArguments();
        var json = new Option<bool>("--json") { Description = "Write JSON for machines." };
        var command = new Command("check", "Merges the stages' http objects and checks everything: 0 = can be deployed, 1 = cannot.") { input.Files, input.Manifest, json };
        command.SetAction(parsed =>
        {
            var plugin = input.Read(parsed);
            if (parsed.GetValue(json))
            {
                CheckJson.Write(plugin, output.Stream);
            }
            else
            {
                CheckText.Write(plugin, ToolConsole.Create(parsed.InvocationConfiguration.Output, output.IsTerminal));
            }

            return plugin.Errors == 0 ? StormlyTool.Success : StormlyTool.Failure;
        });
        return command;
    }
}
