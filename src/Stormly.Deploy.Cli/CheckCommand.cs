using System.CommandLine;

namespace Stormly.Deploy.Cli;

/// <summary><c>stormly check</c>: the merged http object with the origin of every value, and every problem.</summary>
internal static class CheckCommand
{
    public static Command Create(ToolOutput output)
    {
        var input = new InputArguments();
        var settings = new Option<string>("--settings", "-s") { Description = "The host application's appsettings.json: its PluginDeployment:Features says what is detected. Without it, the defaults.", HelpName = "FILE" };
        var name = new Option<string>("--plugin", "-p") { Description = "The plugin's name in these settings, for what they say of it alone.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Write JSON for machines." };
        var command = new Command("check", "Merges the stages' http objects and checks everything: 0 = can be deployed, 1 = cannot.") { input.Files, input.Manifest, settings, name, json };
        command.SetAction(parsed =>
        {
            var (features, problem) = HostSettings.Read(parsed.GetValue(settings));
            if (problem is not null)
            {
                return StormlyTool.UsageError(output, command, [problem]);
            }

            var plugin = input.Read(parsed);
            var matches = FeatureMapping.Of(plugin.Manifest, features, parsed.GetValue(name));
            if (parsed.GetValue(json))
            {
                CheckJson.Write(plugin, matches, output.Stream);
            }
            else
            {
                CheckText.Write(plugin, matches, ToolConsole.Create(parsed.InvocationConfiguration.Output, output.IsTerminal));
            }

            return plugin.Errors == 0 ? StormlyTool.Success : StormlyTool.Failure;
        });
        return command;
    }
}
