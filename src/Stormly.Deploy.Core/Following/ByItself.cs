using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

/// <summary>Whether a revision may be deployed without anybody asking for it. Pure.</summary>
internal static class ByItself
{
    /// <summary>Why a revision is deployed by a call only.</summary>
    /// <param name="kept">What became of the revisions that are kept.</param>
    /// <param name="id">The revision.</param>
    /// <param name="canary">The revision that is tried out; null where none is.</param>
    /// <returns>The reason; null where nothing speaks against it.</returns>
    public static string? WhyNot(ImmutableArray<RevisionSnapshot> kept, RevisionId id, RevisionId? canary) => kept.FirstOrDefault(r => r.Id == id) switch
    {
        _ when id == canary => "it is tried out as a canary; promote it by a call",
        { Failure: { } failure } => $"it was given up before; deploy it by a call to try again: {failure}",
        { WithdrawnAt: not null } => "somebody went back from it by hand; deploy it by a call to have it again",
        _ => null,
    };
}
