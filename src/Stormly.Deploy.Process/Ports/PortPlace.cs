namespace Stormly.Deploy.Process.Ports;

/// <summary>Judges one place of the declared port in a command line: is it surely the port to listen on?</summary>
internal static class PortPlace
{
    private static readonly HashSet<string> ShortOptions = new(StringComparer.Ordinal) { "-p", "-P", "-l", "-b", "-S" };

    private static readonly HashSet<string> LongOptions = new(StringComparer.Ordinal)
    {
        "bind", "listen", "addr", "address", "listen-address", "http", "http-socket", "urls",
    };

    private static readonly HashSet<string> Hosts = new(StringComparer.Ordinal) { "", "0.0.0.0", "127.0.0.1", "localhost", "*", "+", "[::]", "[::1]" };

    private static readonly string[] Schemes = ["http://", "https://", "tcp://", "tcp4://", "tcp6://", "http1://"];

    /// <summary>Judges a place.</summary>
    /// <param name="tokens">The command line in pieces.</param>
    /// <param name="index">The word that the number stands in.</param>
    /// <param name="at">Where in the word's text the number begins.</param>
    /// <param name="length">The number of its digits.</param>
    /// <returns>Whether it is surely the port to listen on.</returns>
    public static bool IsSure(IReadOnlyList<ShellToken> tokens, int index, int at, int length)
    {
        var word = tokens[index];
        var before = word.Text[..at];
        var after = word.Text[(at + length)..];
        return word.Role switch
        {
            ShellRole.Assignment => after.Length == 0 && IsPortAssignment(before),
            ShellRole.Argument when after is "" or "/" && EndsInAddress(before) => true,
            ShellRole.Argument when after.Length == 0 => before.Length == 0 ? FollowsPortOption(tokens, index) : IsPortOptionWithValue(before),
            _ => false,
        };
    }

    private static bool IsPortAssignment(string before)
        => before == "PORT=" || (before.EndsWith("_PORT=", StringComparison.Ordinal) && before.IndexOf('=', StringComparison.Ordinal) == before.Length - 1);

    private static bool FollowsPortOption(IReadOnlyList<ShellToken> tokens, int index)
        => index > 0
            && tokens[index - 1].Role == ShellRole.Argument
            && IsPortOption(tokens[index - 1].Text)
            && !IsDescriptorNumber(tokens, index);

    // In `-p 5000>file` the shell reads 5000 as the number of a descriptor.
    private static bool IsDescriptorNumber(IReadOnlyList<ShellToken> tokens, int index)
        => index + 1 < tokens.Count && tokens[index + 1].Role == ShellRole.Redirection && tokens[index + 1].Start == tokens[index].End;

    private static bool IsPortOptionWithValue(string before)
        => before is "-p" or "-P" || (before.EndsWith('=') && IsPortOption(before[..^1]));

    private static bool IsPortOption(string text)
    {
        if (ShortOptions.Contains(text))
        {
            return true;
        }

        var name = text.StartsWith("--", StringComparison.Ordinal) ? text[2..] : text.StartsWith("-D", StringComparison.Ordinal) ? text[2..] : text[Math.Min(1, text.Length)..];
        return text.StartsWith('-') && IsOptionName(name) && (LongOptions.Contains(name) || IsNamedPort(name));
    }

    // The last part of the name is the word port: --server.port, --http-port, -httpPort; not --import, --support.
    private static bool IsNamedPort(string name)
    {
        var last = name[(name.LastIndexOfAny(['-', '.', '_']) + 1)..];
        return last.Equals("port", StringComparison.OrdinalIgnoreCase)
            || (last.EndsWith("Port", StringComparison.Ordinal) && char.IsAsciiLetterLower(last[^5]));
    }

    private static bool IsOptionName(string name)
    {
        foreach (var c in name)
        {
            if (!PortVariable.IsNameCharacter(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    // [option=][scheme://][host]: right before the number.
    private static bool EndsInAddress(string before)
    {
        if (!before.EndsWith(':'))
        {
            return false;
        }

        var host = SkipOption(before)[..^1];
        var scheme = Schemes.FirstOrDefault(s => host.StartsWith(s, StringComparison.Ordinal)) ?? "";
        return Hosts.Contains(host[scheme.Length..]);
    }

    private static string SkipOption(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return !text.StartsWith('-') ? text
            : equals > 0 && IsOptionName(text[1..equals]) ? text[(equals + 1)..]
            : text.Length > 2 && ShortOptions.Contains(text[..2]) ? text[2..]
            : text;
    }
}
