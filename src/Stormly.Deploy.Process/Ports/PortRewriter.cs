using System.Globalization;

namespace Stormly.Deploy.Process.Ports;

/// <summary>
/// Moves a plugin's command line to another port where that is certain, and says why not where it is not. Pure; its time grows with the
/// length of the command and nothing else. A yes that was wrong all the same is caught by <see cref="ListenerInspector"/>.
/// </summary>
internal static class PortRewriter
{
    private const string Placeholder = "{port}";

    private static readonly HashSet<string> Shells = new(StringComparer.Ordinal) { "sh", "bash", "dash", "ash", "ksh", "zsh", "busybox", "su" };

    /// <summary>Moves a command to another port.</summary>
    /// <param name="command">The command line as the plugin's results give it.</param>
    /// <param name="declaredPort">The port that it names.</param>
    /// <param name="newPort">The port that it is to listen on.</param>
    /// <returns>The command to run, or the reason why it cannot move.</returns>
    public static PortRewrite Rewrite(string command, int declaredPort, int newPort)
    {
        var port = newPort.ToString(CultureInfo.InvariantCulture);
        if (TryFillPlaceholders(command, port) is { } filled)
        {
            return new PortRewrite(PortVerdict.UsesPlaceholder, filled);
        }

        var reading = ShellLexer.Read(command);
        var refusal = reading.Refusal ?? (RunsAnotherShell(reading.Tokens) ? "runs another shell" : null);
        if (ReadsVariable(command, reading, refusal))
        {
            return new PortRewrite(PortVerdict.UsesVariable, command);
        }

        var places = PortOccurrences.Judge(command, reading.Tokens, declaredPort);
        return refusal is not null && places.Count > 0
            ? new PortRewrite(PortVerdict.Unsure, command, $"startServerCmd {refusal}, so its port {declaredPort} cannot be changed with certainty")
            : Decide(command, reading.Tokens, places, declaredPort, port);
    }

    private static PortRewrite Decide(string command, IReadOnlyList<ShellToken> tokens, SortedDictionary<int, bool> places, int declared, string port)
    {
        var digits = declared.ToString(CultureInfo.InvariantCulture).Length;
        if (places.Count == 0)
        {
            return new PortRewrite(PortVerdict.HardCoded, command, $"its port {declared} does not occur in startServerCmd, so it is fixed inside the program");
        }

        if (places.Count > 1)
        {
            var times = places.Count == 2 ? "twice" : string.Create(CultureInfo.InvariantCulture, $"{places.Count} times");
            return new PortRewrite(PortVerdict.Ambiguous, command, $"its port {declared} occurs {times} in startServerCmd (`{PortExcerpt.Of(command, tokens, places.Keys)}`)");
        }

        var (at, sure) = places.First();
        return sure
            ? new PortRewrite(PortVerdict.Rewritten, string.Concat(command.AsSpan(0, at), port, command.AsSpan(at + digits)))
            : new PortRewrite(
                PortVerdict.Unsure,
                command,
                $"its port {declared} occurs in startServerCmd (`{PortExcerpt.Of(command, tokens, places.Keys)}`), but not where it is surely the port to listen on");
    }

    // ${port} is a variable of the shell, not our placeholder.
    private static string? TryFillPlaceholders(string command, string port)
    {
        var result = new System.Text.StringBuilder(command.Length);
        var from = 0;
        for (var at = command.IndexOf(Placeholder, StringComparison.Ordinal); at >= 0; at = command.IndexOf(Placeholder, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || command[at - 1] != '$')
            {
                result.Append(command, from, at - from).Append(port);
                from = at + Placeholder.Length;
            }
        }

        return from == 0 ? null : result.Append(command, from, command.Length - from).ToString();
    }

    private static bool ReadsVariable(string command, ShellReading reading, string? refusal)
        => refusal is null
            ? reading.ReadsPort && !reading.Tokens.Any(t => OverwritesPort(command, t))
            : PortVariable.IsReadAnywhere(command) && !PortVariable.IsOverwritten(command);

    private static bool OverwritesPort(string command, ShellToken token)
        => token.Role == ShellRole.Assignment
            && ShellRoles.AssignedName(command, token) == "PORT"
            && !PortVariable.IsReadAt(token.Text, "PORT=".Length);

    private static bool RunsAnotherShell(IReadOnlyList<ShellToken> tokens)
    {
        var shell = false;
        foreach (var token in tokens)
        {
            shell &= token.Role != ShellRole.Separator;
            if (token.IsWord && (token.Text == "eval" || (shell && token.Text.StartsWith('-') && !token.Text.StartsWith("--", StringComparison.Ordinal) && token.Text.Contains('c', StringComparison.Ordinal))))
            {
                return true;
            }

            shell |= token.IsWord && Shells.Contains(token.Text[(token.Text.LastIndexOf('/') + 1)..]);
        }

        return false;
    }
}
