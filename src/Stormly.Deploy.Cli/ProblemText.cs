using Spectre.Console;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Cli;

/// <summary>Renders problems, grouped by the document that they come from.</summary>
internal static class ProblemText
{
    public static void Write(IReadOnlyCollection<SpecProblem> problems, IAnsiConsole console)
    {
        foreach (var group in problems.GroupBy(p => (p.Stage, p.Origin)))
        {
            var origin = group.Key.Origin is { } o && o != group.Key.Stage ? $" in {o}" : "";
            console.MarkupLine($"  [bold]{Safe(group.Key.Stage + origin)}[/]");
            foreach (var problem in group)
            {
                Write(problem, console);
            }
        }
    }

    /// <summary>Text of strangers, made harmless for a terminal and for the console's markup.</summary>
    public static string Safe(string text, int maxLength = int.MaxValue) => Markup.Escape(PrintableText.Escape(text, maxLength: maxLength));

    private static void Write(SpecProblem problem, IAnsiConsole console)
    {
        var word = problem.Severity == ProblemSeverity.Error ? "[red]error[/]  " : "[yellow]warning[/]";
        var position = problem.Position is { } p ? $"line {p.Line}, column {p.Column}" : "";
        var place = string.Join(", ", new[] { problem.Pointer, position }.Where(t => t.Length > 0));
        var was = problem.Value is null ? "" : $", was: {problem.Value}";
        console.MarkupLine($"    {word} {Safe(place.Length == 0 ? "" : place + ": ")}{Safe(problem.Rule + was)}. {Safe(problem.Remedy)}");
    }
}
