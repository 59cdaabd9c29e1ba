using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

public class DeployTests
{
    [Fact]
    public async Task DeployAsync_GoodPlugin_ServesWithTheWantedNumber()
    {
        await using var bench = new DeploymentBench().Run();

        var deployed = await bench.DeployAsync(bench.Source(instances: 3));

        Assert.Equal(DeploymentPhase.Ready, deployed.Phase);
        Assert.Equal(3, deployed.ReadyInstances);
        Assert.Equal(3, bench.Host.Running.Count);
        var route = bench.Routes.Find("churn")!;
        Assert.Equal(RouteAvailability.Serving, route.Availability);
        Assert.Equal(3, route.Targets.Length);
        Assert.Equal("/predict", route.Endpoint!.RequestPath);
        Assert.All(bench.Host.Running, i => Assert.Contains("\"stage\": \"server\"", i.Manifest, StringComparison.Ordinal));
        Assert.All(bench.Host.Running, i => Assert.Contains("\"props\"", i.StatusChecks.Last().Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeployAsync_SameContentAgain_DoesNothing()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source());

        var second = await bench.DeployAsync(bench.Source());

        Assert.Equal(first.ServingRevision, second.ServingRevision);
        Assert.Single(bench.Host.Started);
        Assert.Contains(second.Decisions, d => d.Why.Contains("equal content", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "76")]
    public async Task DeployAsync_ChangedResults_ExchangesOneByOneWithTheNewStartedFirst()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1, instances: 3));

        var deployed = await bench.DeployAsync(bench.Source(2));

        Assert.NotEqual(old.ServingRevision, deployed.ServingRevision);
        Assert.Equal(3, deployed.ReadyInstances);
        Assert.All(bench.Routes.Find("churn")!.Targets, t => Assert.Equal(deployed.ServingRevision, t.Revision));
        await bench.UntilAsync(() => bench.Host.Running.Count == 3, "the end of the old ones");
        Assert.Equal(4, bench.Host.MostAtOnce);
    }

    [Fact]
    [Trait("Fault", "2")]
    [Trait("Fault", "77")]
    public async Task DeployAsync_NewRevisionExits_OldServesOnAndTheErrorTellsAll()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        var stored = KeptState.ServesOf(bench.State, "churn");
        bench.Host.OnStart = i =>
        {
            i.StopListening();
            i.Write("no module named flask");
            i.Exit(3);
        };

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(bench.Source(2)));

        Assert.Equal(3, error.ExitCode);
        Assert.Contains("no module named flask", error.Message, StringComparison.Ordinal);
        Assert.Contains("crash loop", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Message.Split("ended by itself with exit code 3").Length);
        Assert.Contains("exit code 3." + Environment.NewLine, error.Message, StringComparison.Ordinal);
        Assert.Equal(old.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Equal(RouteAvailability.Serving, bench.Routes.Find("churn")!.Availability);
        await bench.UntilAsync(() => bench.Host.Running.Count == 1 && bench.Snapshot.Phase == DeploymentPhase.Ready, "only the old one");
        Assert.Equal(stored, KeptState.ServesOf(bench.State, "churn"));
    }
}
