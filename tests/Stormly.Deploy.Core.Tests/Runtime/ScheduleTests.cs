using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class ScheduleTests
{
    [Fact]
    public async Task Schedule_FolderThatIsNotFollowed_IsReadAndDeployedWhenItIsDue()
    {
        await using var bench = new DeploymentBench();
        await StartAsync(bench, new RedeploySchedule { Every = TimeSpan.FromHours(1) });
        var first = bench.Snapshot.ServingRevision;
        await bench.WriteFolderAsync(2);
        await bench.PassAsync(TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(1));
        Assert.Equal(first, bench.Snapshot.ServingRevision);
        Assert.DoesNotContain(bench.Snapshot.Decisions, IsRun);

        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the run", TimeSpan.FromSeconds(1));

        var run = Assert.Single(bench.Snapshot.Decisions, IsRun);
        Assert.Contains("every 01:00:00", run.Why, StringComparison.Ordinal);
        Assert.Equal(0, bench.Watcher.Begun);
        Assert.Equal(2, bench.Host.Started.Count);
    }

    [Fact]
    public async Task Schedule_NothingIsNew_TouchesNothing()
    {
        await using var bench = new DeploymentBench();
        await StartAsync(bench, new RedeploySchedule { Every = TimeSpan.FromMinutes(10) });

        await bench.UntilAsync(() => bench.Snapshot.Decisions.Count(IsRun) == 3, "three runs", TimeSpan.FromSeconds(30));

        Assert.Single(bench.Host.Started);
        Assert.Equal(SourceState.InStep, bench.Snapshot.Source!.State);
    }

    [Fact]
    public async Task Schedule_HostApplicationWasDownForDays_MakesUpOneRun()
    {
        await using var bench = new DeploymentBench();
        var schedule = new RedeploySchedule { At = new TimeOnly(3, 30) };
        await StartAsync(bench, schedule);
        await bench.UntilAsync(() => bench.Snapshot.Decisions.Any(IsRun), "the first run", TimeSpan.FromSeconds(30));
        await bench.PassAsync(TimeSpan.FromSeconds(5));
        await bench.EndAsync();

        Register(bench, schedule);
        bench.Clock.SetUtcNow(bench.Clock.GetUtcNow().AddDays(5));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Decisions.Count(IsRun) == 2, "the run that was missed");
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10));

        Assert.Equal(2, bench.Snapshot.Decisions.Count(IsRun));
        await bench.EndAsync();
        Register(bench, schedule);
        bench.Clock.SetUtcNow(bench.Clock.GetUtcNow().AddDays(5).AddMinutes(12));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment");
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10));
        Assert.Equal(2, bench.Snapshot.Decisions.Count(IsRun));
    }

    [Fact]
    public async Task Schedule_SourceOfCode_IsAskedAgain()
    {
        await using var bench = new DeploymentBench();
        await StartAsync(bench, new RedeploySchedule { Every = TimeSpan.FromMinutes(10) });
        var first = await bench.DeployAsync(bench.Source(7));
        bench.Manifest = bench.Manifest.Replace("\"features\": {}", "\"features\": {}, \"rows\": 1", StringComparison.Ordinal);

        await bench.UntilAsync(
            () => bench.Snapshot.ServingRevision != first.ServingRevision && bench.Snapshot.Phase == DeploymentPhase.Ready, "the run", TimeSpan.FromSeconds(5));

        Assert.Contains("\"rows\": 1", bench.Host.Started[^1].Manifest, StringComparison.Ordinal);
        Assert.Contains("\"version\": 7", bench.Host.Started[^1].Manifest, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "48")]
    public async Task Schedule_WallClockJumpsForwardAndBack_RunsOnceAndGoesOn()
    {
        await using var bench = new DeploymentBench();
        await StartAsync(bench, new RedeploySchedule { Every = TimeSpan.FromHours(12) });
        bench.Clock.AdjustTime(bench.Clock.GetUtcNow().AddDays(2));
        await bench.UntilAsync(() => bench.Snapshot.Decisions.Any(IsRun), "the run", TimeSpan.FromMinutes(1));
        bench.Clock.AdjustTime(bench.Clock.GetUtcNow().AddDays(-2));

        await bench.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));

        Assert.Single(bench.Snapshot.Decisions, IsRun);
        Assert.Single(bench.Host.Started);
    }

    [Fact]
    public void AddPlugin_ScheduleOutOfRange_SaysSo()
    {
        var bench = new DeploymentBench();

        var error = Assert.Throws<PluginDeploymentException>(() => Register(bench, new RedeploySchedule { TimeZone = "Mars/Base" }));

        Assert.Contains("churn:Redeploy:TimeZone must name a time zone of this system, was: 'Mars/Base'", error.Message, StringComparison.Ordinal);
    }

    private static bool IsRun(DecisionRecord decision) => decision.What == "read the plugin's source again";

    private static void Register(DeploymentBench bench, RedeploySchedule schedule) => bench.Run(build: b => b.AddPlugin("churn", bench.Plugin, p => p.Redeploy = schedule));

    private static async Task StartAsync(DeploymentBench bench, RedeploySchedule schedule)
    {
        await bench.WriteFolderAsync(1);
        Register(bench, schedule);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, Source: not null }, "the deployment to come up");
    }
}
