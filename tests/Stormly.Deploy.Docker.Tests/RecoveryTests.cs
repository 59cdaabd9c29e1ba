using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Records;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Tests;

public class RecoveryTests
{
    [Fact]
    [Trait("Fault", "61")]
    public async Task RecoverAsync_AfterACrash_AdoptsWhatIsAskedForAndEndsTheRest()
    {
        await using var crashed = await Sandbox.MakeAsync();
        var kept = await crashed.StartAsync(Sandbox.Serve);
        var left = await crashed.StartAsync(Sandbox.Serve);
        await kept.WaitReadyAsync();
        await using var next = crashed.Again();

        var report = await next.Host.RecoverAsync(Request(next, kept.Id), Sandbox.Token);

        var adopted = Assert.Single(report.Adopted);
        Assert.Equal((kept.Id, kept.Address), (adopted.Id, adopted.Address));
        await adopted.GetAsync("/status");
        var note = Assert.Single(report.Notes);
        Assert.Equal((left.Id, true, false), (note.Instance, note.Ended, note.Remains));
        Assert.Equal(kept.ContainerId, Assert.Single(await next.ContainersAsync()).ID);

        await TestEngine.Client.Containers.KillContainerAsync(kept.ContainerId, new ContainerKillParameters(), Sandbox.Token);
        Assert.Equal(9, (await adopted.Exited.WaitAsync(Sandbox.Token)).Signal);
        await adopted.StopAsync(TimeSpan.Zero, Sandbox.Token);
        Assert.Empty(await next.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "61")]
    public async Task RecoverAsync_ToAdoptButEnded_IsRemovedWithANote()
    {
        await using var crashed = await Sandbox.MakeAsync();
        var instance = await crashed.StartAsync("exit 4");
        await instance.Exited.WaitAsync(Sandbox.Token);
        await using var next = crashed.Again();

        var report = await next.Host.RecoverAsync(Request(next, instance.Id), Sandbox.Token);

        Assert.Empty(report.Adopted);
        Assert.Contains("had ended with exit code 4: removed", Assert.Single(report.Notes).Detail, StringComparison.Ordinal);
        Assert.Empty(await next.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "61")]
    public async Task RecoverAsync_OthersContainers_AreNeverTouched()
    {
        await using var other = await Sandbox.MakeAsync();
        var stranger = await other.StartAsync(Sandbox.Serve);
        await using var sandbox = await Sandbox.MakeAsync();
        await (await sandbox.StartAsync(Sandbox.Serve)).StopAsync(TimeSpan.Zero, Sandbox.Token);
        await using var next = sandbox.Again();

        var report = await next.Host.RecoverAsync(Request(next, stranger.Id), Sandbox.Token);

        Assert.Empty(report.Adopted);
        Assert.Empty(report.Notes);
        await stranger.WaitReadyAsync();
    }

    [Fact]
    [Trait("Fault", "55")]
    public async Task RecoverAsync_CopyOfAStateFolder_LeavesTheOriginalsContainersAlone()
    {
        await using var original = await Sandbox.MakeAsync();
        var instance = await original.StartAsync(Sandbox.Serve);
        await using var copy = await Sandbox.MakeAsync();
        var name = Path.Combine(copy.InstancesFolder, OwnerFile.Name);
        File.Copy(Path.Combine(original.InstancesFolder, OwnerFile.Name), name);

        var report = await copy.Host.RecoverAsync(Request(copy), Sandbox.Token);

        File.Delete(name);
        Assert.Contains("is a copy of", Assert.Single(report.Notes).Detail, StringComparison.Ordinal);
        await instance.WaitReadyAsync();
    }

    [Fact]
    public async Task LetGoAsync_ThenTheNextRun_TakesItOver()
    {
        await using var first = await Sandbox.MakeAsync();
        var instance = await first.StartAsync(Sandbox.Serve);
        await instance.WaitReadyAsync();
        await using var next = first.Again();

        await instance.LetGoAsync();
        await first.Host.DisposeAsync();
        var report = await next.Host.RecoverAsync(Request(next, instance.Id), Sandbox.Token);

        await Assert.Single(report.Adopted).GetAsync("/status");
    }

    [Fact]
    public void Read_LabelsThatAreNotWhole_AreNoLabels()
    {
        var whole = new ContainerLabels("owner", "run", PluginName.Parse("dummy"), "revision", new InstanceId("dummy-1"), 5000, "/folder").ToDictionary();

        Assert.NotNull(ContainerLabels.Read(whole));
        Assert.All(whole.Keys, key => Assert.Null(ContainerLabels.Read(whole.Where(p => p.Key != key).ToDictionary(StringComparer.Ordinal))));
    }

    private static HostRecoveryRequest Request(Sandbox sandbox, params InstanceId[] adopt)
        => new() { InstancesFolder = sandbox.InstancesFolder, Adopt = [.. adopt], Grace = Sandbox.LongGrace };
}
