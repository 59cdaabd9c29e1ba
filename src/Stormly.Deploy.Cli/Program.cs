using Stormly.Deploy.Cli;

using var output = Console.OpenStandardOutput();
return StormlyTool.Run(args, new ToolOutput(output, Console.Error, IsTerminal: !Console.IsOutputRedirected));
