using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Chooses what a caller wants most, by its header <c>Accept</c> (RFC 9110, §12.5.1).</summary>
internal static class MediaRanges
{
    /// <summary>
    /// Chooses among what there is. Each type gets the quality of the most exact range that names it; the highest wins, then the type that was named more
    /// exactly, then the one that is offered first. A header that is missing, or that nobody can read, takes anything.
    /// </summary>
    /// <param name="accept">The header's values.</param>
    /// <param name="offered">Media types without parameters, the server's favourite first.</param>
    /// <returns>The place of the best one; -1 where none is wanted.</returns>
    public static int Choose(StringValues accept, ReadOnlySpan<string> offered)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges) || ranges.Count == 0)
        {
            return 0;
        }

        var (best, bestQuality, bestRank) = (-1, 0d, 0);
        for (var i = 0; i < offered.Length; i++)
        {
            var (quality, rank) = Judge(offered[i], ranges);
            if (quality > bestQuality || (quality == bestQuality && quality > 0 && rank > bestRank))
            {
                (best, bestQuality, bestRank) = (i, quality, rank);
            }
        }

        return best;
    }

    private static (double Quality, int Rank) Judge(string type, IList<MediaTypeHeaderValue> ranges)
    {
        var (quality, best) = (0d, 0);
        foreach (var range in ranges)
        {
            var rank = Rank(range, type);
            if (rank > best)
            {
                (quality, best) = (range.Quality ?? 1, rank);
            }
        }

        return (quality, best);
    }

    /// <summary>How exactly a range names a type: 3 by its name, 2 by its first half, 1 with all others, 0 not at all.</summary>
    private static int Rank(MediaTypeHeaderValue range, string type)
    {
        if (range.MatchesAllTypes)
        {
            return 1;
        }

        if (range.MatchesAllSubTypes)
        {
            var half = type.AsSpan(0, type.IndexOf('/', StringComparison.Ordinal));
            return range.Type.AsSpan().Equals(half, StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        }

        return range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) ? 3 : 0;
    }
}
