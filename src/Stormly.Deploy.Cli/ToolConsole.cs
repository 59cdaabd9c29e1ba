using Spectre.Console;

namespace Stormly.Deploy.Cli;

/// <summary>Makes consoles: coloured and wrapped for a person, plain and unwrapped for a pipe.</summary>
internal static class ToolConsole
{
    private const int NoWrapping = 1_000_000;

    public static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = NoWrapping;
        }

        return console;
    }
}
