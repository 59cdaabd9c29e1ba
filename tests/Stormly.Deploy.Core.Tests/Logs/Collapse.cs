using System.Runtime.Versioning;
using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>Asks the file system of a folder whether it can remove the head of a file.</summary>
[SupportedOSPlatform("linux")]
internal static class Collapse
{
    public static bool IsMissing(string folder)
    {
        var path = Path.Combine(folder, "collapse.probe");
        File.WriteAllBytes(path, new byte[65536]);
        using var parent = NativeFile.OpenFolder(folder);
        using var file = NativeFile.OpenForCut(parent!, "collapse.probe");
        var can = NativeFile.TryCollapseHead(file!, 32768);
        File.Delete(path);
        return !can;
    }
}
