using System.Collections.Immutable;
using System.Globalization;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// Shares one machine out between deployments. First every least number; then those with requests, always the one with the smallest part next (max-min fair, by
/// the limit that each uses most of); then the idle ones, which give way to those whose requests wait, the longest idle and the quickest to start first. A grant
/// falls at once and rises only as far as others have really come down, so that the limits hold at every moment. Pure.
/// </summary>
internal static class MachinePlanner
{
    /// <summary>Decides what everyone may have.</summary>
    /// <param name="limits">What there is.</param>
    /// <param name="tenants">All deployments, each once.</param>
    /// <returns>One grant for each, in their order.</returns>
    public static ImmutableArray<MachineGrant> Plan(MachineLimits limits, ImmutableArray<MachineTenant> tenants)
    {
        var fair = Share(limits, tenants);
        var room = tenants.Aggregate(MachineRoom.Empty(limits), (taken, t) => taken.With(t, t.Taken));
        var granted = tenants.ToDictionary(t => t.Plugin, t => Math.Min(t.Granted, fair[t.Plugin]), StringComparer.Ordinal);
        var rising = true;
        while (rising)
        {
            rising = false;
            foreach (var tenant in Order(limits, tenants).Where(t => granted[t.Plugin] < fair[t.Plugin]).OrderBy(t => room.ShareOf(t, granted[t.Plugin])))
            {
                // What it holds already, alive or promised, is counted; only what goes beyond needs room.
                var more = granted[tenant.Plugin] < tenant.Taken ? 0 : 1;
                if (room.Fits(tenant, more))
                {
                    granted[tenant.Plugin]++;
                    room = room.With(tenant, more);
                    rising = true;
                    break;
                }
            }
        }

        return [.. tenants.Select(t => new MachineGrant(t.Plugin, granted[t.Plugin], fair[t.Plugin], Why(limits, tenants, t, fair[t.Plugin], granted[t.Plugin])))];
    }

    /// <summary>What everyone should have in the end.</summary>
    private static Dictionary<string, int> Share(MachineLimits limits, ImmutableArray<MachineTenant> tenants)
    {
        var shares = tenants.ToDictionary(t => t.Plugin, _ => 0, StringComparer.Ordinal);
        var room = MachineRoom.Empty(limits);
        var ordered = Order(limits, tenants);
        Fill(ordered.OrderBy(t => t.Plugin, StringComparer.Ordinal), t => Math.Min(t.Least, t.Wish), shares, ref room);
        Fill(ordered.Where(t => IsBusy(limits, t)), t => t.Wish, shares, ref room);
        Fill(ordered.Where(t => !IsBusy(limits, t)), t => t.Wish, shares, ref room);
        return shares;
    }

    private static void Fill(IEnumerable<MachineTenant> tenants, Func<MachineTenant, int> most, Dictionary<string, int> shares, ref MachineRoom room)
    {
        var hungry = tenants.Where(t => shares[t.Plugin] < most(t)).ToList();
        while (hungry.Count > 0)
        {
            var free = room;
            var next = hungry.MinBy(t => free.ShareOf(t, shares[t.Plugin]))!;
            if (!room.Fits(next, 1))
            {
                hungry.Remove(next);
                continue;
            }

            room = room.With(next, 1);
            if (++shares[next.Plugin] >= most(next))
            {
                hungry.Remove(next);
            }
        }
    }

    /// <summary>
    /// Who comes first among equals: those that are served and whose turn is not over, then those that wait, the longest first, then the others; among idle ones
    /// those that cost most to bring back for the time that they were idle.
    /// </summary>
    private static List<MachineTenant> Order(MachineLimits limits, ImmutableArray<MachineTenant> tenants) =>
    [
        .. tenants.OrderBy(t => t.Taken > 0 && t.HeldFor < limits.Turn ? 0 : 1)
            .ThenByDescending(t => t.WaitsFor)
            .ThenByDescending(t => IsBusy(limits, t) ? 0 : t.StartTook / (t.IdleFor + TimeSpan.FromSeconds(1)))
            .ThenBy(t => t.Plugin, StringComparer.Ordinal),
    ];

    private static bool IsBusy(MachineLimits limits, MachineTenant tenant) => tenant.IdleFor <= TimeSpan.Zero || tenant.IdleFor < limits.IdleAfter;

    private static string Why(MachineLimits limits, ImmutableArray<MachineTenant> tenants, MachineTenant tenant, int fair, int granted)
    {
        var limit = string.Join(" and ", Limits(limits));
        if (granted >= tenant.Wish)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it asks for {tenant.Wish}, and the machine's limit of {limit} has room for that");
        }

        var others = string.Join(", ", tenants.Where(t => t.Plugin != tenant.Plugin && t.Taken > 0).Select(t => string.Create(CultureInfo.InvariantCulture, $"'{t.Plugin}' {t.Taken}")));
        var cause = IsBusy(limits, tenant) ? "its fair part" : "what is left for one without requests";
        var later = granted < fair ? string.Create(CultureInfo.InvariantCulture, $"; {fair} once others have come down") : "";
        return string.Create(CultureInfo.InvariantCulture, $"it asks for {tenant.Wish}; of the machine's limit of {limit}, {granted} is {cause}{later} (others: {(others.Length == 0 ? "none" : others)})");
    }

    private static IEnumerable<string> Limits(MachineLimits limits)
    {
        if (limits.MaxInstances is { } instances)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{instances} instances");
        }

        if (limits.MemoryBytes is { } bytes)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024.0):0.#} MiB");
        }
    }
}
