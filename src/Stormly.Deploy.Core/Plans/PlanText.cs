using System.Globalization;
using System.Text;

namespace Stormly.Deploy.Plans;

/// <summary>A plan as people read it.</summary>
internal static class PlanText
{
    public static string Of(DeploymentPlan plan)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{plan.Plugin}: {Words(plan.Action)} ({plan.Reason})");
        foreach (var change in plan.Http)
        {
            Line(text, $"http.{Model.PrintableText.Escape(change.Key, maxLength: 200)}, set by {change.StageAfter ?? "no stage"} (before: {change.StageBefore ?? "no stage"})");
            List(text, change.Values);
        }

        if (plan.Manifest.Count > 0)
        {
            Line(text, "manifest");
            List(text, plan.Manifest);
        }

        List(text, "new file", plan.Files.Added, plan.Files.AddedCount);
        List(text, "removed file", plan.Files.Removed, plan.Files.RemovedCount);
        List(text, "changed file", plan.Files.Changed, plan.Files.ChangedCount);
        foreach (var (name, kind) in plan.Environment)
        {
            Line(text, $"environment {name}: {kind.ToString().ToLowerInvariant()}");
        }

        foreach (var problem in plan.Problems)
        {
            Line(text, problem.ToString());
        }

        return text.ToString();
    }

    private static string Words(PlanAction action) => action switch
    {
        PlanAction.Nothing => "nothing to do",
        PlanAction.Scale => "change the number of instances",
        PlanAction.Page => "take over explain and touch no instance",
        PlanAction.Return => "go back to a kept revision",
        PlanAction.Deploy => "deploy a new revision",
        _ => "refuse",
    };

    private static void Line(StringBuilder text, string line) => text.Append(Environment.NewLine).Append("  ").Append(line);

    private static void List(StringBuilder text, JsonChanges changes)
    {
        foreach (var change in changes.Listed)
        {
            Line(text, "  " + change);
        }

        More(text, changes.Count - changes.Listed.Length);
    }

    private static void List(StringBuilder text, string what, IReadOnlyCollection<string> paths, int count)
    {
        foreach (var path in paths)
        {
            Line(text, $"{what} {path}");
        }

        More(text, count - paths.Count);
    }

    private static void More(StringBuilder text, int more)
    {
        if (more > 0)
        {
            Line(text, string.Create(CultureInfo.InvariantCulture, $"  and {more} more"));
        }
    }
}
