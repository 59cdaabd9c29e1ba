using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>
/// What a change of the wanted number makes of a paused rollout: every revision keeps its part (Kubernetes' proportional scaling), rounded down for all
/// but the one that served before, which gets the rest. One that runs keeps at least one instance where the number allows.
/// </summary>
internal static class HeldNumbers
{
    /// <summary>Shares a changed number out.</summary>
    /// <param name="held">What runs.</param>
    /// <param name="from">The number that was wanted.</param>
    /// <param name="to">The number that is wanted.</param>
    /// <param name="serving">The revision that served before; it gets the rest. Its number does not matter.</param>
    /// <returns>What should run.</returns>
    public static ImmutableArray<HeldRevision> Scale(ImmutableArray<HeldRevision> held, int from, int to, HeldRevision serving)
    {
        var first = serving.Revision;
        var total = held.Sum(h => h.Instances);
        // Where less runs than was wanted, what runs is not made less than the new number asks for.
        var target = Math.Max(to + total - from, Math.Min(total, to));
        if (total == 0)
        {
            return from == 0 && to > 0 ? [Of(held, serving) with { Instances = to }, .. held.Where(h => h.Revision != first)] : held;
        }

        if (held.All(h => h.Revision != first))
        {
            serving = held.MaxBy(h => h.Instances);
            first = serving.Revision;
        }

        var others = Part(held, total, target, first, least: 1);
        if (others.Sum(o => o.Instances) >= target)
        {
            others = Part(held, total, target, first, least: 0);
        }

        return [Of(held, serving) with { Instances = target - others.Sum(o => o.Instances) }, .. others];
    }

    private static HeldRevision Of(ImmutableArray<HeldRevision> held, HeldRevision one)
        => held.FirstOrDefault(h => h.Revision == one.Revision) is { Revision: not null } there ? there : one with { Instances = 0 };

    private static ImmutableArray<HeldRevision> Part(ImmutableArray<HeldRevision> held, int total, int target, RevisionId first, int least)
        => [.. held.Where(h => h.Revision != first).Select(h => h with { Instances = h.Instances == 0 ? 0 : Math.Max(least, h.Instances * target / total) })];
}
