using Stormly.Deploy.Model;

namespace Stormly.Deploy.Process.Ports;

/// <summary>Cuts out of a command line what a message should show of it: from the option before the first place to the word of the last one.</summary>
internal static class PortExcerpt
{
    private const int MaxLength = 80;

    public static string Of(string command, IReadOnlyList<ShellToken> tokens, IEnumerable<int> places)
    {
        var (first, last) = (places.First(), places.Last());
        var (start, end) = (first, Math.Min(command.Length, last + 5));
        for (var i = 0; i < tokens.Count && tokens[i].Start <= last; i++)
        {
            if (Holds(tokens[i], first))
            {
                start = i > 0 && tokens[i - 1].IsWord && tokens[i - 1].Text.StartsWith('-') ? tokens[i - 1].Start : tokens[i].Start;
            }

            end = Holds(tokens[i], last) ? tokens[i].End : end;
        }

        return PrintableText.Escape(command.AsSpan(start, end - start), maxLength: MaxLength);
    }

    private static bool Holds(ShellToken token, int place) => token.Start <= place && place < token.End;
}
