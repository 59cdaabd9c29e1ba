using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;
using static Stormly.Deploy.Runtime.FollowBench;

namespace Stormly.Deploy.Runtime;

/// <summary>Folders that are not followed, or not any more.</summary>
public class FollowEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Folder_NotToBeFollowed_ChangesNothing()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(Follow, b => b.AddPlugin("other", bench.Plugin, p => p.Follow = new FollowOptions { Enabled = false }));
        await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin) with { Follow = false });
        await bench.UntilAsync(() => bench.Deployments.Get("other")?.Phase == DeploymentPhase.Ready, "the other");
        await bench.WriteFolderAsync(2);
        bench.Watcher.Touch();
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));

        Assert.Equal(0, bench.Watcher.Begun);
        Assert.Null(bench.Snapshot.Source);
        Assert.Equal(2, bench.Host.Started.Count);
        await bench.EndAsync();
        bench.Run(Follow);
        await bench.StartAsync();
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));
        Assert.Equal(0, bench.Watcher.Begun);
    }

    [Fact]
    public async Task DeployAsync_SourceOfCode_EndsTheFollowing()
    {
        await using var bench = await FollowAsync();

        var done = await bench.DeployAsync(bench.Source(5));
        await bench.UntilAsync(() => bench.Watcher.Listening == 0 && bench.Snapshot.Source is null, "the end of the following");
        await bench.WriteFolderAsync(6);
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));

        Assert.Equal(done.ServingRevision, bench.Snapshot.ServingRevision);
    }

    [Fact]
    public async Task RemoveAsync_FollowedDeployment_ListensNoMoreAndDeploysNothing()
    {
        await using var bench = await FollowAsync();

        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", Token));
        await bench.UntilAsync(() => bench.Watcher.Listening == 0, "the end of the following");
        await bench.WriteFolderAsync(2);
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));

        Assert.Empty(bench.Deployments.List());
        Assert.Empty(Directory.GetDirectories(Path.Combine(bench.State, "revisions")));
    }

    [Fact]
    public async Task CatchUpAsync_ManyThingsWereTold_AllOfThemAreInTheSnapshot()
    {
        await using var bench = await FollowAsync();
        var controller = (await bench.Services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(Token)).Find("churn")!;
        for (var i = 0; i < 100; i++)
        {
            controller.TryTell(new DeploymentEvent.Noted(DecisionKind.Follow, "churn", $"note {i}", ""));
        }

        await controller.CatchUpAsync(Token);

        Assert.Contains(bench.Snapshot.Decisions, d => d.What == "note 99");
        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", Token));
        await controller.CatchUpAsync(Token);
    }

    [Fact]
    public void AddPlugin_OptionsOutOfRange_SaysAllOfThem()
    {
        var bench = new DeploymentBench();

        var error = Assert.Throws<PluginDeploymentException>(() => bench.Run(build: b => b.AddPlugin("churn", bench.Plugin, p =>
        {
            p.Instances = 0;
            p.Follow = new FollowOptions { Quiet = TimeSpan.Zero };
        })));

        Assert.Contains("churn:Instances must be from 1 to 1000, was: 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("churn:Follow:Quiet must be from", error.Message, StringComparison.Ordinal);
    }
}
