using System.Security.Cryptography;

namespace Stormly.Deploy.Docker.Records;

/// <summary>
/// The random name of one state folder, kept in it: containers carry it, and only those are ever taken over or swept. A path would not do: two host
/// applications in containers of their own may both call their folder <c>/state</c> and share one engine.
/// </summary>
internal static class OwnerFile
{
    /// <summary>The file's name in the folder of instances.</summary>
    public const string Name = "docker.owner";

    private const int Length = 32;

    /// <summary>Reads the name.</summary>
    /// <param name="instancesFolder">The folder of instances.</param>
    /// <returns>The name, or null where there is none, or none that could be one.</returns>
    public static string? Read(string instancesFolder)
    {
        var path = Path.Combine(instancesFolder, Name);
        var text = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        return text.Length == Length && text.All(char.IsAsciiHexDigitLower) ? text : null;
    }

    /// <summary>Reads the name, and makes one where there is none.</summary>
    /// <param name="instancesFolder">The folder of instances.</param>
    /// <returns>The name.</returns>
    public static string ReadOrMake(string instancesFolder)
    {
        if (Read(instancesFolder) is { } there)
        {
            return there;
        }

        var name = RandomNumberGenerator.GetHexString(Length, lowercase: true);
        var path = Path.Combine(instancesFolder, Name);
        File.WriteAllText(path + ".new", name);
        File.Move(path + ".new", path, overwrite: true);
        return name;
    }
}
