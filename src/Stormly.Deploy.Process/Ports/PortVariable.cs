namespace Stormly.Deploy.Process.Ports;

/// <summary>Finds the variable PORT in a command line.</summary>
internal static class PortVariable
{
    private const string Name = "PORT";

    public static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>Whether <c>$PORT</c> or <c>${PORT…}</c> begins at a dollar sign.</summary>
    public static bool IsReadAt(string text, int dollar)
    {
        if (dollar >= text.Length || text[dollar] != '$')
        {
            return false;
        }

        var start = dollar + 1;
        start += start < text.Length && text[start] == '{' ? 1 : 0;
        return string.CompareOrdinal(text, start, Name, 0, Name.Length) == 0
            && (start + Name.Length == text.Length || !IsNameCharacter(text[start + Name.Length]));
    }

    /// <summary>Whether it is read anywhere, in quotes of any kind too: asked where an inner shell will read the text.</summary>
    public static bool IsReadAnywhere(string text)
    {
        for (var at = text.IndexOf('$', StringComparison.Ordinal); at >= 0; at = text.IndexOf('$', at + 1))
        {
            if (IsReadAt(text, at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the command sets PORT to a value of its own, so that our value of the variable never reaches the program. <c>PORT=${PORT:-5000}</c> does not.
    /// </summary>
    public static bool IsOverwritten(string text)
    {
        for (var at = text.IndexOf(Name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Name, at + 1, StringComparison.Ordinal))
        {
            var equals = at + Name.Length;
            var begins = at == 0 || !(IsNameCharacter(text[at - 1]) || text[at - 1] is '$' or '{' or '-' or '.');
            if (begins && equals < text.Length && text[equals] == '=' && !IsReadAt(text, SkipQuotes(text, equals + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private static int SkipQuotes(string text, int at) => at < text.Length && text[at] == '"' ? at + 1 : at;
}
