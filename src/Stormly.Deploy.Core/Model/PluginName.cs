using System.Diagnostics.CodeAnalysis;

namespace Stormly.Deploy.Model;

/// <summary>
/// The name of a plugin: part of addresses, folder names, labels and log lines, so it is kept to what is safe in all of them.
/// 1 to 63 characters of a–z, 0–9, <c>-</c> and <c>_</c>, first and last a letter or digit, and none of the device names of Windows.
/// </summary>
public sealed record PluginName
{
    /// <summary>The greatest number of characters: the length of a DNS label (RFC 1035, §2.3.4).</summary>
    public const int MaxLength = 63;

    private static readonly string[] DeviceNames = ["con", "prn", "aux", "nul"];

    private PluginName(string value) => Value = value;

    /// <summary>The name as text.</summary>
    public string Value { get; }

    /// <summary>Reads a name.</summary>
    /// <param name="text">The name as somebody wrote it.</param>
    /// <returns>The name.</returns>
    /// <exception cref="PluginDeploymentException"><paramref name="text"/> is not a legal name; the message says which rule it breaks.</exception>
    public static PluginName Parse(string text)
        => TryParse(text, out var name, out var problem) ? name : throw new PluginDeploymentException(problem);

    /// <summary>Reads a name, and says what is wrong with it where it is none.</summary>
    /// <param name="text">The name as somebody wrote it.</param>
    /// <param name="name">The name, where the answer is true.</param>
    /// <param name="problem">The rule that is broken and what to do, where the answer is false.</param>
    /// <returns>Whether <paramref name="text"/> is a legal name.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PluginName? name, [NotNullWhen(false)] out string? problem)
    {
        problem = FindProblem(text);
        name = problem is null ? new PluginName(text!) : null;
        return name is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string? FindProblem(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "A plugin's name must not be empty. Give it a name of a-z, 0-9, '-' and '_'.";
        }

        if (text.Length > MaxLength)
        {
            return $"A plugin's name has at most {MaxLength} characters, this one has {text.Length}. Choose a shorter one.";
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_'))
            {
                return $"The plugin's name '{PrintableText.Escape(text)}' holds {PrintableText.Describe(c)}; only a-z, 0-9, '-' and '_' are allowed.";
            }
        }

        if (text[0] is '-' or '_' || text[^1] is '-' or '_')
        {
            return $"The plugin's name '{text}' must begin and end with a letter or a digit.";
        }

        return IsDeviceName(text) ? $"The plugin's name '{text}' is a device name on Windows. Choose another one." : null;
    }

    private static bool IsDeviceName(string text)
        => DeviceNames.Contains(text)
            || (text.Length == 4 && char.IsAsciiDigit(text[3]) && (text.StartsWith("com", StringComparison.Ordinal) || text.StartsWith("lpt", StringComparison.Ordinal)));
}
