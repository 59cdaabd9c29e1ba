using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>What a deployment learned at one moment, and what it decided.</summary>
/// <param name="At">Monotonic time.</param>
/// <param name="Wall">The wall clock.</param>
/// <param name="News">What it learned.</param>
/// <param name="Ids">The names that instances got: they are drawn, so a replay takes them from here.</param>
/// <param name="Decisions">What was decided, in words.</param>
/// <param name="Acts">What was to be done beside that, by its kinds.</param>
internal sealed record RecordedStep(
    TimeSpan At, DateTimeOffset Wall, DeploymentEvent News, ImmutableArray<InstanceId> Ids, ImmutableArray<RecordedDecision> Decisions, ImmutableArray<string> Acts)
{
    public static RecordedStep Of(DeploymentEvent news, Moment now, ImmutableArray<DeploymentEffect> effects) => new(
        now.Uptime,
        now.Wall,
        news,
        [.. effects.OfType<DeploymentEffect.Start>().Select(s => s.Id)],
        [.. effects.OfType<DeploymentEffect.Record>().Select(r => new RecordedDecision(r.Kind, r.Subject, r.What, r.Why))],
        [.. effects.Where(e => e is not DeploymentEffect.Record).Select(e => e.GetType().Name)]);

    /// <summary>Everything that was decided, a line each.</summary>
    public ImmutableArray<string> Lines() => [.. Decisions.Select(d => $"{d.What} ({d.Why})"), .. Acts];
}

/// <summary>A decision without its number and basis.</summary>
internal readonly record struct RecordedDecision(DecisionKind Kind, string Subject, string What, string Why);
