using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Launching;

namespace Stormly.Deploy.Process.Tests.Launching;

public class MachineTests
{
    [Fact]
    [Trait("Fault", "13")]
    public async Task StartAsync_ShellIsMissing_SaysSoBeforeStart()
    {
        await using var sandbox = new Sandbox(o => o.Shell = "/nowhere/sh");
        var spec = sandbox.Spec("exit 0");

        var error = await Assert.ThrowsAsync<BackendUnavailableException>(() => sandbox.Host.StartAsync(spec, Sandbox.Token));

        Assert.Contains("/nowhere/sh", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(spec.Folder, "process.json")));
        await Assert.ThrowsAsync<BackendUnavailableException>(async () => await sandbox.Host.CheckPlacementAsync(new PlacementPlan(PluginName.Parse("dummy"), "exit 0", 5000, 1), Sandbox.Token));
    }

    [Theory]
    [Trait("Fault", "13")]
    [InlineData("/nowhere")]
    [InlineData("")]
    [InlineData(null)]
    public void Require_ProgramsAreMissing_NamesAllOfThemAndWhereItLooked(string? searchPath)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Local processes need Linux.");

        var error = Assert.Throws<BackendUnavailableException>(() => Machine.Require("/bin/sh", searchPath));

        Assert.Contains("setsid", error.Message, StringComparison.Ordinal);
        Assert.Contains("util-linux", error.Message, StringComparison.Ordinal);
        Assert.Contains("grep", error.Message, StringComparison.Ordinal);
        Assert.Contains(string.IsNullOrEmpty(searchPath) ? "an empty PATH" : searchPath, error.Message, StringComparison.Ordinal);
        Assert.Contains("Docker", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "13")]
    public async Task StartAsync_WorkFolderIsMissing_SaysSoBeforeStart()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec("exit 0");
        Directory.Delete(spec.WorkFolder);

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.Host.StartAsync(spec, Sandbox.Token));

        Assert.Contains(spec.WorkFolder, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(spec.Folder, "process.json")));
    }

    [Fact]
    public void Require_OtherSystem_SaysWhatItLacks()
    {
        Assert.SkipWhen(OperatingSystem.IsLinux(), "Is for other systems than Linux.");

        var error = Assert.Throws<BackendUnavailableException>(() => Machine.Require("/bin/sh", "/bin"));

        Assert.Contains("setsid", error.Message, StringComparison.Ordinal);
        Assert.Contains("Docker", error.Message, StringComparison.Ordinal);
    }
}
