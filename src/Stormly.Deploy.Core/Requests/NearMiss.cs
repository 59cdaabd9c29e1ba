using System.Text;

namespace Stormly.Deploy.Requests;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class NearMiss
{
    private const int LongestName = 64;
    private const int ShortName = 4;

    /// <summary>Whether a name is another one with a slip: case apart, one change in a short name, two in a longer one.</summary>
    /// <param name="wanted">The right name.</param>
    /// <param name="sent">What was sent, as UTF-8.</param>
    /// <returns>True where one may ask "did you mean".</returns>
    public static bool IsLikely(string wanted, ReadOnlySpan<byte> sent)
    {
        var allowed = wanted.Length <= ShortName ? 1 : 2;
        if (wanted.Length > LongestName || sent.Length > LongestName || Math.Abs(wanted.Length - sent.Length) > allowed)
        {
            return false;
        }

        Span<char> other = stackalloc char[LongestName];
        other = other[..Encoding.UTF8.GetChars(sent, other)];
        return Distance(wanted, other) <= allowed;
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
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
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

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
