using System.Security.Cryptography;
using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Launching;

/// <summary>
/// The random value that every process of one instance inherits in its environment: what belongs to the instance is found by it, wherever it
/// went. The lifeline's own watcher carries the value under another name, so that it is never taken for the plugin.
/// </summary>
internal static class InstanceMarker
{
    /// <summary>The variable of the plugin's processes.</summary>
    public const string Variable = ProcTable.MarkerVariable;

    /// <summary>The variable of the watcher.</summary>
    public const string WatcherVariable = "STORMLY_DEPLOY_WATCHER";

    private const int Length = 32;

    /// <summary>Makes a value of 128 random bits.</summary>
    /// <returns>32 lower-case hex digits.</returns>
    public static string New() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    /// <summary>Whether a text can be such a value; anything else must never be searched for.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it has the form of <see cref="New"/>.</returns>
    public static bool IsValid(string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);
}
