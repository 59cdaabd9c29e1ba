using System.Text;

namespace Stormly.Deploy.Json;

/// <summary>
/// Finds the name that somebody probably meant. Case does not count, nor does anything but letters and digits: <c>status_path</c> is <c>statusPath</c>. Beyond that one
/// slip is forgiven in a short name, two in a longer one.
/// </summary>
internal static class NearMiss
{
    private const int LongestName = 64;
    private const int ShortName = 4;
    private const int Never = int.MaxValue;

    /// <summary>Whether a name is another one with a slip.</summary>
    /// <param name="wanted">The right name.</param>
    /// <param name="sent">What was sent, as UTF-8.</param>
    /// <returns>True where one may ask "did you mean".</returns>
    public static bool IsLikely(string wanted, ReadOnlySpan<byte> sent)
    {
        if (sent.Length > LongestName)
        {
            return false;
        }

        Span<char> text = stackalloc char[LongestName];
        return Slips(wanted, text[..Encoding.UTF8.GetChars(sent, text)]) != Never;
    }

    /// <summary>Finds the name that was meant.</summary>
    /// <param name="sent">The wrong name.</param>
    /// <param name="known">The right ones.</param>
    /// <returns>The first one with the fewest slips; null where none is near.</returns>
    public static string? Find(string sent, IReadOnlyList<string> known)
    {
        var best = known.MinBy(k => Slips(k, sent));
        return best is not null && Slips(best, sent) != Never ? best : null;
    }

    /// <summary>Helps somebody who wrote an unknown name.</summary>
    /// <param name="sent">The wrong name.</param>
    /// <param name="known">The right ones.</param>
    /// <returns>A sentence: the name that was meant, or all that there are.</returns>
    public static string Hint(string sent, IReadOnlyList<string> known)
        => Find(sent, known) is { } meant ? $"Did you mean \"{meant}\"?" : $"Known keys are {string.Join(", ", known)}.";

    private static int Slips(ReadOnlySpan<char> wanted, ReadOnlySpan<char> sent)
    {
        if (wanted.Length > LongestName || sent.Length > LongestName)
        {
            return Never;
        }

        Span<char> right = stackalloc char[LongestName];
        Span<char> wrong = stackalloc char[LongestName];
        right = right[..Fold(wanted, right)];
        wrong = wrong[..Fold(sent, wrong)];
        var allowed = Math.Min(right.Length <= ShortName ? 1 : 2, right.Length - 1);
        if (Math.Abs(right.Length - wrong.Length) > allowed)
        {
            return Never;
        }

        var distance = Distance(right, wrong);
        return distance <= allowed ? distance : Never;
    }

    /// <summary>Copies what counts of a name.</summary>
    /// <returns>How many characters that are.</returns>
    private static int Fold(ReadOnlySpan<char> name, Span<char> into)
    {
        var count = 0;
        foreach (var c in name)
        {
            if (char.IsLetterOrDigit(c))
            {
                into[count++] = char.ToLowerInvariant(c);
            }
        }

        return count;
    }

    /// <summary>Counts insertions, deletions, replacements and swaps of neighbours.</summary>
    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> beforeLast = stackalloc int[LongestName + 1];
        Span<int> last = stackalloc int[LongestName + 1];
        Span<int> current = stackalloc int[LongestName + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            var oldest = beforeLast;
            beforeLast = last;
            last = current;
            current = oldest;
        }

        return last[b.Length];
    }
}
