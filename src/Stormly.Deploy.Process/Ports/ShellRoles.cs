namespace Stormly.Deploy.Process.Ports;

/// <summary>Tells for every word of a command line what it is: assignment, command, argument, or the file of a redirection.</summary>
internal static class ShellRoles
{
    // After these the shell, or env and export themselves, still read NAME=value as an assignment, or another command begins.
    private static readonly HashSet<string> Carriers = new(StringComparer.Ordinal)
    {
        "env", "export", "exec", "nohup", "time", "command", "setsid", "{", "!", "if", "then", "else", "elif", "do", "while", "until",
    };

    public static IReadOnlyList<ShellToken> Assign(string command, List<ShellToken> tokens)
    {
        var result = new List<ShellToken>(tokens.Count);
        var inFront = true;
        var afterCarrier = false;
        var afterRedirection = false;
        foreach (var token in tokens)
        {
            var role = token.Role;
            if (token.IsWord)
            {
                role = Find(command, token, inFront, afterCarrier, afterRedirection);
                afterCarrier |= role == ShellRole.Command;
                inFront &= role != ShellRole.Command || Carriers.Contains(token.Text);
            }
            else if (role == ShellRole.Separator)
            {
                (inFront, afterCarrier) = (true, false);
            }

            afterRedirection = role == ShellRole.Redirection;
            result.Add(token with { Role = role });
        }

        return result;
    }

    /// <summary>The name that a word assigns to, as the shell sees it: unquoted, followed by an equals sign; null where it is no assignment.</summary>
    public static string? AssignedName(string command, ShellToken token)
    {
        var equals = token.Text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || char.IsAsciiDigit(token.Text[0]) || !token.Text.AsSpan(0, equals).ContainsOnlyNameCharacters())
        {
            return null;
        }

        return string.CompareOrdinal(command, token.Start, token.Text, 0, equals + 1) == 0 ? token.Text[..equals] : null;
    }

    private static ShellRole Find(string command, ShellToken token, bool inFront, bool afterCarrier, bool afterRedirection)
        => afterRedirection ? ShellRole.RedirectionTarget
            : !inFront ? ShellRole.Argument
            : AssignedName(command, token) is not null ? ShellRole.Assignment
            : afterCarrier && token.Text.StartsWith('-') ? ShellRole.Argument
            : ShellRole.Command;

    private static bool ContainsOnlyNameCharacters(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!PortVariable.IsNameCharacter(c))
            {
                return false;
            }
        }

        return true;
    }
}
