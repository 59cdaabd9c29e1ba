using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Containers;

/// <summary>The user inside the container, and the handing over of an instance's files to it.</summary>
/// <param name="Uid">Its number.</param>
/// <param name="Gid">Its group's number.</param>
internal sealed partial record ContainerUser(uint Uid, uint Gid)
{
    /// <summary>Who a plugin is where the host application is root: nobody that a machine knows.</summary>
    public static ContainerUser Unknown { get; } = new(10001, 10001);

    /// <summary>Reads <c>uid</c> or <c>uid:gid</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The user, or null where the text is none.</returns>
    public static ContainerUser? Parse(string text)
    {
        var parts = text.Split(':');
        return parts.Length <= 2 && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            && uint.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var gid) ? new ContainerUser(uid, gid) : null;
    }

    /// <summary>Whether it is the host application's own user, whatever number it has inside.</summary>
    private bool IsOurs { get; init; }

    /// <summary>Chooses the user.</summary>
    /// <param name="configured">The option; null where nothing was said.</param>
    /// <param name="rootless">Whether the engine runs as an ordinary user: root inside is that user outside, and nobody else.</param>
    /// <returns>The user.</returns>
    public static ContainerUser Choose(string? configured, bool rootless)
        => configured is not null && (!rootless || Parse(configured) is not { Uid: 0, Gid: 0 }) ? Parse(configured)!
            : OperatingSystem.IsWindows() || GetUid() == 0 ? Unknown
            : rootless ? new ContainerUser(0, 0) { IsOurs = true }
            : new ContainerUser(GetUid(), GetGid());

    /// <summary>Lets this user write the instance's files and its log, and read its manifest.</summary>
    /// <param name="spec">The instance.</param>
    /// <exception cref="InstanceStartException">They belong to somebody else, and may not be handed over.</exception>
    public void TakeOver(InstanceSpec spec)
    {
        if (OperatingSystem.IsWindows() || IsOurs || (Uid == GetUid() && Gid == GetGid()))
        {
            return;
        }

        var log = Path.GetDirectoryName(spec.LogFile)!;
        foreach (var path in ((string[])[spec.ManifestFile, log, spec.WorkFolder]).Concat(Below(log)).Concat(Below(spec.WorkFolder)))
        {
            if (LChown(path, Uid, Gid) != 0)
            {
                throw new InstanceStartException(
                    spec.Plugin, spec.Id,
                    $"'{path}' cannot be handed over to user {this} ({Marshal.GetLastPInvokeErrorMessage()}). Leave `Docker:User` out, so that the container has the host application's own user, or run the host application as root.");
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Uid}:{Gid}");

    /// <summary>Everything in a folder. Links are handed over themselves; what they point to is somebody else's.</summary>
    private static FileSystemEnumerable<string> Below(string folder)
        => new(folder, static (ref FileSystemEntry e) => e.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldRecursePredicate = static (ref FileSystemEntry e) => (e.Attributes & FileAttributes.ReparsePoint) == 0,
        };

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetGid();
}
