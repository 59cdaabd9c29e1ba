using System.Text;

namespace Stormly.Deploy.Cli.Tests;

/// <summary>One run of the tool's entry point with its output captured.</summary>
internal sealed record ToolRun(int Exit, string Output, string Error)
{
    public static ToolRun Of(params string[] args) => Of(isTerminal: false, args);

    public static ToolRun Of(bool isTerminal, params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var exit = StormlyTool.Run(args, new ToolOutput(output, error, isTerminal));
        return new ToolRun(exit, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    public static string Example(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", name);
}
