using System.Diagnostics;
using Stormly.Deploy.Docker.Containers;

namespace Stormly.Deploy.Docker.Tests;

public sealed class ContainerUserTests
{
    [Fact]
    public async Task TakeOver_LinkToAFolderOutside_LeavesWhatItPointsToAlone()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "Only root hands files over.");
        await using var sandbox = Sandbox.Make(TestEngine.Client, null);
        var spec = sandbox.Spec("x");
        var outside = Directory.CreateDirectory(Path.Combine(sandbox.Folder, "outside")).FullName;
        var (theirs, ours) = (Path.Combine(outside, "theirs"), Path.Combine(spec.WorkFolder, "below", "ours"));
        Directory.CreateDirectory(Path.GetDirectoryName(ours)!);
        await File.WriteAllTextAsync(theirs, "", TestEngine.Token);
        await File.WriteAllTextAsync(ours, "", TestEngine.Token);
        Directory.CreateSymbolicLink(Path.Combine(spec.WorkFolder, "link"), outside);

        ContainerUser.Unknown.TakeOver(spec);

        Assert.Equal("10001:10001", await OwnerAsync(ours));
        Assert.Equal("10001:10001", await OwnerAsync(Path.Combine(spec.WorkFolder, "link")));
        Assert.Equal("0:0", await OwnerAsync(theirs));
    }

    private static async Task<string> OwnerAsync(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new ProcessStartInfo("stat", ["-c", "%u:%g", path]) { RedirectStandardOutput = true })!;
        var text = await stat.StandardOutput.ReadToEndAsync(TestEngine.Token);
        await stat.WaitForExitAsync(TestEngine.Token);
        return text.Trim();
    }
}
