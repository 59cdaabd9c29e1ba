using System.Collections;
using System.Globalization;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Process.Launching;

/// <summary>Builds a plugin's environment: an allow-list of the host's, what the host adds, and the contract's own; the host's secrets stay its own.</summary>
internal static class EnvironmentBuilder
{
    /// <summary>Builds it.</summary>
    /// <param name="allowed">Names, or beginnings of names with a <c>*</c> at their end.</param>
    /// <param name="host">The host application's environment.</param>
    /// <param name="spec">The instance.</param>
    /// <param name="port">The port that it must listen on.</param>
    /// <param name="marker">Its marker.</param>
    /// <returns>All variables.</returns>
    /// <exception cref="InstanceStartException">A variable that the host application adds cannot be one.</exception>
    public static Dictionary<string, string> Build(IReadOnlyCollection<string> allowed, IDictionary host, InstanceSpec spec, int port, string marker)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in host)
        {
            if (entry is { Key: string name, Value: string value } && allowed.Any(a => Matches(a, name)))
            {
                result[name] = value;
            }
        }

        foreach (var (name, value) in spec.Environment)
        {
            Check(spec, name, value);
            result[name] = value;
        }

        result["MANIFEST_FILE"] = spec.ManifestFile;
        result["LOG_FILE"] = spec.LogFile;
        result["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        result[InstanceMarker.Variable] = marker;
        result.Remove(InstanceMarker.WatcherVariable);
        return result;
    }

    private static bool Matches(string pattern, string name)
        => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == name;

    private static void Check(InstanceSpec spec, string name, string value)
    {
        var problem = name.Length == 0 ? "has no name"
            : name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) ? "has '=' or NUL in its name"
            : value.Contains('\0', StringComparison.Ordinal) ? "has a NUL in its value"
            : !CommandLimit.Fits(name + "=" + value) ? $"is larger than {CommandLimit.MaxBytes} bytes, which is all that the system passes on"
            : null;
        if (problem is not null)
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"The environment variable '{Model.PrintableText.Escape(name, maxLength: 60)}' that the host application adds {problem}. Correct or remove it.");
        }
    }
}
