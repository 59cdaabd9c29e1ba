using System.Globalization;

namespace Stormly.Deploy.Process.Ports;

/// <summary>Finds the declared port in a command line as a whole number, both as it is written and as the shell reads it.</summary>
internal static class PortOccurrences
{
    /// <summary>Where the number begins in a text, whole only: no digit stands before or after it.</summary>
    public static IEnumerable<int> Of(string text, string digits)
    {
        for (var at = text.IndexOf(digits, StringComparison.Ordinal); at >= 0; at = text.IndexOf(digits, at + 1, StringComparison.Ordinal))
        {
            var end = at + digits.Length;
            if ((at == 0 || !char.IsDigit(text[at - 1])) && (end == text.Length || !char.IsDigit(text[end])))
            {
                yield return at;
            }
        }
    }

    /// <summary>Every place, in order, with whether it is surely the port to listen on.</summary>
    public static SortedDictionary<int, bool> Judge(string command, IReadOnlyList<ShellToken> tokens, int port)
    {
        var digits = port.ToString(CultureInfo.InvariantCulture);
        var places = new SortedDictionary<int, bool>();
        foreach (var at in Of(command, digits))
        {
            places[at] = false;
        }

        for (var index = 0; index < tokens.Count; index++)
        {
            if (tokens[index].IsWord)
            {
                JudgeWord(places, tokens, index, digits);
            }
        }

        return places;
    }

    private static void JudgeWord(SortedDictionary<int, bool> places, IReadOnlyList<ShellToken> tokens, int index, string digits)
    {
        var word = tokens[index];
        foreach (var at in Of(word.Text, digits))
        {
            var origin = word.Origins[at];
            var inOnePiece = places.ContainsKey(origin) && word.Origins[at + digits.Length - 1] == origin + digits.Length - 1;
            places[origin] = inOnePiece && PortPlace.IsSure(tokens, index, at, digits.Length);
        }
    }
}
