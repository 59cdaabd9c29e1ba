using System.CommandLine;
using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Cli;

/// <summary><c>stormly replay</c>: what a deployment decided in a recorded run, and whether this version decides the same.</summary>
internal static class ReplayCommand
{
    public static Command Create(ToolOutput output)
    {
        var file = new Argument<string>("FILE") { Description = "A recording: a file of 'recordings' in the state folder of a host application (Recording:Enabled)." };
        var command = new Command("replay", "Replays a recorded run and prints its decisions: 0 = this version decides the same, 1 = it does not.") { file };
        command.SetAction(parsed =>
        {
            try
            {
                var report = RecordedRun.Replay(parsed.GetRequiredValue(file));
                Write(report, parsed.InvocationConfiguration.Output);
                return report.Agrees ? StormlyTool.Success : StormlyTool.Failure;
            }
            catch (PluginDeploymentException error)
            {
                output.Error.WriteLine(PrintableText.Escape(error.Message));
                return StormlyTool.Failure;
            }
        });
        return command;
    }

    private static void Write(ReplayReport report, TextWriter text)
    {
        Line(text, $"plugin {report.Plugin}, recorded from {report.Begun:yyyy-MM-dd HH:mm:ss} UTC by version {report.Library}");
        foreach (var decision in report.Decisions)
        {
            Line(text, $"{decision.At.UtcDateTime:HH:mm:ss.fff}  {decision.What} ({decision.Why})");
        }

        if (report.Difference is { } difference)
        {
            Line(text, $"Event {difference.Event}, {difference.News} at {difference.At.UtcDateTime:HH:mm:ss.fff}, is decided otherwise now.");
            Write(text, "  recorded:", difference.Recorded);
            Write(text, "  now:", difference.Replayed);
            return;
        }

        Line(text, $"Every decision is as recorded: {report.Decisions.Length} of {report.Events} events. The recording ends there: {report.Ended}.");
    }

    private static void Write(TextWriter text, string title, IReadOnlyCollection<string> lines)
    {
        Line(text, $"{title}");
        foreach (var line in lines.DefaultIfEmpty("nothing"))
        {
            Line(text, $"    {line}");
        }
    }

    private static void Line(TextWriter text, FormattableString line) => text.Write(PrintableText.Escape(line.ToString(CultureInfo.InvariantCulture)) + "\n");
}
