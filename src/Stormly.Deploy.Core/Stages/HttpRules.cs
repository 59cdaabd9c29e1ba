using System.Globalization;
using System.Text;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>The rules of the <c>http</c> object's values. Pure; each broken rule has its own words.</summary>
internal static class HttpRules
{
    /// <summary>The longest command line in bytes: Linux passes one argument of at most 128 KiB, its closing NUL included.</summary>
    internal const int MaxCommandBytes = (128 * 1024) - 1;

    /// <summary>Finds the rule that a known key's value breaks.</summary>
    /// <returns>The rule and what to do; null for a good value and for keys without a rule.</returns>
    public static (string Rule, string Remedy)? FindProblem(string key, RawJson value) => key switch
    {
        HttpKeys.Port => FindPortProblem(value),
        HttpKeys.StatusPath or HttpKeys.RequestPath => PathRule.FindProblem(RawToken.TextOf(value)),
        HttpKeys.StartServerCmd => FindCommandProblem(RawToken.TextOf(value)),
        _ => null,
    };

    private static (string Rule, string Remedy)? FindPortProblem(RawJson value)
    {
        const string Rule = "must be an integer from 1 to 65535";
        var token = RawToken.Of(value);
        if (token.TokenType != JsonTokenType.Number)
        {
            return (Rule, token.TokenType == JsonTokenType.String ? "Write the number without quotes." : "Write the number that the command listens on.");
        }

        if (token.ValueSpan.IndexOfAny("eE"u8) >= 0)
        {
            return (Rule, "Write the number without an exponent.");
        }

        if (token.ValueSpan.Contains((byte)'.'))
        {
            return (Rule, "Write the number without a fraction.");
        }

        return token.TryGetInt32(out var port) && port is >= 1 and <= 65535
            ? null
            : (Rule, "Write the port that the command listens on; 5000 is Flask's.");
    }

    private static (string Rule, string Remedy)? FindCommandProblem(string? command)
    {
        if (string.IsNullOrWhiteSpace(command))
        {
            return ("must be a shell command line that is not empty", "Write e.g. \"FLASK_APP=server.py flask run -h 0.0.0.0 -p 5000\".");
        }

        if (command.Contains('\0', StringComparison.Ordinal))
        {
            return ("must not hold a NUL character, which no command line can", "Take \\u0000 out of the command.");
        }

        var bytes = Encoding.UTF8.GetByteCount(command);
        return bytes <= MaxCommandBytes
            ? null
            : (string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxCommandBytes} bytes (128 KiB with its end), this one has {bytes}"), "Put the script into a file of the plugin and call that.");
    }
}
