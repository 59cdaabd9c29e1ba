namespace Stormly.Deploy.Stages;

/// <summary>Guesses which known key somebody meant.</summary>
internal static class KeyHint
{
    private const int LongestGuess = 40;

    /// <summary>The known key that a wrong one is most like.</summary>
    /// <returns>The key; null where none is near.</returns>
    public static string? For(string key, IReadOnlyList<string> known)
    {
        if (key.Length > LongestGuess)
        {
            return null;
        }

        var plain = Plain(key);
        var best = known.MinBy(k => Distance(plain, Plain(k)));
        return best is not null && Distance(plain, Plain(best)) <= Math.Max(1, plain.Length / 4) ? best : null;
    }

    private static string Plain(string key)
        => string.Concat(key.Where(char.IsLetterOrDigit)).ToLowerInvariant().Replace("command", "cmd", StringComparison.Ordinal);

    /// <summary>How many letters must be put in, taken out, replaced or swapped with their neighbour to make one word from the other.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
