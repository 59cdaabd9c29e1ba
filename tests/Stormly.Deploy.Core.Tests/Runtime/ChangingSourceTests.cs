using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>Where a deployment comes from is changed by calls, and by a follower that notes its runs: neither undoes what the other did.</summary>
public sealed class ChangingSourceTests
{
    private static readonly DateTimeOffset Run = new(2026, 1, 2, 3, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task ChangeSource_ARunIsNotedWhileTheFolderChanges_KeepsBoth()
    {
        await using var bench = new DeploymentBench().Run();
        var controller = await DeployOldAsync(bench);
        var times = 0;

        controller.ChangeSource(before =>
        {
            if (++times == 1)
            {
                controller.ChangeSource(static now => now! with { LastRun = Run });
            }

            return new StoredSource { Folder = "new", LastRun = before?.LastRun };
        });

        Assert.Equal(new StoredSource { Folder = "new", LastRun = Run }, controller.Source);
        Assert.Equal(2, times);
    }

    [Fact]
    public async Task ChangeSource_TheFolderChangesWhileARunIsNoted_KeepsBoth()
    {
        await using var bench = new DeploymentBench().Run();
        var controller = await DeployOldAsync(bench);
        var times = 0;

        controller.ChangeSource(before =>
        {
            if (++times == 1)
            {
                controller.ChangeSource(static now => new StoredSource { Folder = "new", LastRun = now?.LastRun });
            }

            return before! with { LastRun = Run };
        });

        Assert.Equal(new StoredSource { Folder = "new", LastRun = Run }, controller.Source);
        Assert.Equal(2, times);
    }

    private static async Task<DeploymentController> DeployOldAsync(DeploymentBench bench)
    {
        await bench.DeployAsync(bench.Source());
        var controller = bench.Services.GetRequiredService<PluginDeployments>().Started!.Find("churn")!;
        controller.ChangeSource(static _ => new StoredSource { Folder = "old" });
        return controller;
    }
}
