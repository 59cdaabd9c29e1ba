using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>Which revision a rollback means.</summary>
internal static class RollbackChoice
{
    /// <summary>The one that served last before the present one and was not given up since; null where there is none.</summary>
    /// <param name="kept">All that are kept.</param>
    /// <param name="wanted">The one that is wanted now.</param>
    /// <returns>The revision.</returns>
    public static RevisionId? Default(ImmutableArray<RevisionSnapshot> kept, RevisionId? wanted)
        => kept.Where(r => r.Id != wanted && r is { ServedAt: not null, FailedAt: null }).MaxBy(r => r.ServedAt)?.Id;

    /// <summary>Finds what was asked for.</summary>
    /// <param name="plugin">For error messages.</param>
    /// <param name="kept">All that are kept.</param>
    /// <param name="wanted">The one that is wanted now.</param>
    /// <param name="to">The beginning of a digest; null for the one that served before.</param>
    /// <returns>The revision.</returns>
    /// <exception cref="PluginDeploymentException">There is none, or more than one; lists what is kept.</exception>
    public static RevisionId Find(PluginName plugin, ImmutableArray<RevisionSnapshot> kept, RevisionId? wanted, string? to)
    {
        if (to is null)
        {
            return Default(kept, wanted) ?? throw Refuse(plugin, kept, "no other revision that served is kept");
        }

        var fitting = to.Length == 0 ? [] : kept.Where(r => r.Id.Digest.StartsWith(to, StringComparison.OrdinalIgnoreCase)).Select(r => r.Id).ToList();
        return fitting.Count switch
        {
            1 => fitting[0],
            0 => throw Refuse(plugin, kept, $"no revision '{PrintableText.Escape(to, maxLength: 80)}' is kept"),
            _ => throw Refuse(plugin, kept, $"'{to}' is the beginning of {fitting.Count} revisions"),
        };
    }

    private static PluginDeploymentException Refuse(PluginName plugin, ImmutableArray<RevisionSnapshot> kept, string why)
    {
        var list = kept.IsEmpty ? "Nothing is kept." : $"Kept are: {string.Join("; ", kept.Select(Describe))}.";
        return new PluginDeploymentException($"Plugin '{plugin}' cannot go back: {why}. {list}");
    }

    private static string Describe(RevisionSnapshot revision)
    {
        var fate = revision switch
        {
            { FailedAt: not null } => "given up",
            { ServedAt: not null } => "served",
            _ => "never served",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{revision.Id.Short} (deployed {revision.DeployedAt:yyyy-MM-dd HH:mm:ss}Z, {fate})");
    }
}
