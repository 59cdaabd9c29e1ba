using System.Buffers;
using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Documents;

/// <summary>
/// Writes texts of strangers into Markdown (CommonMark, and GitHub's additions) so that a reader sees the text and nothing of it is markup: no HTML, no link,
/// no image, no code, no formula. It must not begin a line or a list's item, where many more signs have a meaning.
/// </summary>
internal static class MarkdownText
{
    private static readonly SearchValues<char> AlwaysLive = SearchValues.Create(@"\`*_{}[]#+|~$^=");
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./ ");

    /// <summary>A text as part of a line. White space becomes single blanks, what cannot be seen is shown by its number.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Markdown for it, without line breaks.</returns>
    public static string Prose(string text)
    {
        var shown = PrintableText.Escape(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        var result = new StringBuilder(shown.Length + 16);
        for (var i = 0; i < shown.Length; i++)
        {
            if (shown[i] == '@')
            {
                i = AppendAts(result, shown, i);
            }
            else
            {
                Append(result, shown, i);
            }
        }

        return result.ToString();
    }

    /// <summary>A name as code: as it is where it is plain, else as a JSON string.</summary>
    /// <param name="name">The name.</param>
    /// <returns>A code span.</returns>
    public static string Name(string name) => Code(
        name.Length > 0 && name[0] != ' ' && name[^1] != ' ' && !name.AsSpan().ContainsAnyExcept(Plain) ? name : ShownJson.Quote(name));

    /// <summary>A code span of one line.</summary>
    /// <param name="line">What stands in it: not empty, no line breaks.</param>
    /// <returns>The span, between more backticks than stand in it.</returns>
    public static string Code(string line)
    {
        var fence = new string('`', LongestRun(line) + 1);
        var blank = line[0] is '`' or ' ' || line[^1] is '`' or ' ' ? " " : "";
        return $"{fence}{blank}{line}{blank}{fence}";
    }

    /// <summary>A fenced block.</summary>
    /// <param name="language">A word of ours.</param>
    /// <param name="text">What stands in it.</param>
    /// <returns>Whole lines.</returns>
    public static string Fence(string language, string text)
    {
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        return $"{fence}{language}\n{text}\n{fence}\n";
    }

    private static void Append(StringBuilder result, string text, int at) => _ = text[at] switch
    {
        '&' => result.Append("&amp;"),
        '<' => result.Append("&lt;"),
        '>' => result.Append("&gt;"),

        // Some readers look at the character before a code span, and not at the escape before that.
        '`' when at + 1 < text.Length && text[at + 1] == '@' => result.Append("&#96;"),
        var c when IsLive(text, at) => result.Append('\\').Append(c),
        var c => result.Append(c),
    };

    // An address of electronic mail is found by some readers after escapes are gone, so no escape helps: it is broken by code.
    private static int AppendAts(StringBuilder result, string text, int first)
    {
        var last = first;
        while (last + 1 < text.Length && text[last + 1] == '@')
        {
            last++;
        }

        result.Append('`').Append('@', last - first + 1).Append('`');
        return last;
    }

    /// <summary>Signs that mean something only beside others are escaped only there: a text is read more easily without escapes.</summary>
    private static bool IsLive(string text, int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : ' ';
        var last = at > 0 ? text[at - 1] : ' ';
        return text[at] switch
        {
            '"' or '\'' => last == text[at],
            ':' => !char.IsWhiteSpace(next) && !(char.IsAsciiDigit(last) && char.IsAsciiDigit(next)),
            '.' => text.AsSpan(0, at).EndsWith("www", StringComparison.OrdinalIgnoreCase),
            var c => AlwaysLive.Contains(c),
        };
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
