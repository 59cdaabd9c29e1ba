using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

public class PageChangeTests
{
    [Fact]
    public async Task DeployAsync_ExplainAloneChanged_ChangesWhatCallersAreAskedForAndTouchesNoInstance()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(Source(bench, "a"));
        var target = Assert.Single(bench.Routes.Find("churn")!.Targets);
        Assert.Contains("/a is required", await AskAsync(bench), StringComparison.Ordinal);

        var changed = await bench.DeployAsync(Source(bench, "b"));

        Assert.NotEqual(old.ServingRevision, changed.ServingRevision);
        Assert.Equal(DeploymentPhase.Ready, changed.Phase);
        Assert.Equal(old.Instances[0].Id, Assert.Single(changed.Instances).Id);
        Assert.Single(bench.Host.Started);
        Assert.Equal(0, bench.Host.Started[0].Stops);
        Assert.Same(target, Assert.Single(bench.Routes.Find("churn")!.Targets));
        Assert.Equal(changed.ServingRevision, target.Revision);
        Assert.Contains("/b is required", await AskAsync(bench), StringComparison.Ordinal);
        Assert.DoesNotContain("/a is required", await AskAsync(bench), StringComparison.Ordinal);
        Assert.Contains(changed.Decisions, d => d.What.Contains("touch no instance", StringComparison.Ordinal));
        var stored = KeptState.ServesOf(bench.State, "churn");
        Assert.Contains(changed.ServingRevision!.Digest, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RollbackAsync_ToAnotherExplain_TouchesNoInstanceEither()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(Source(bench, "a"));
        await bench.DeployAsync(Source(bench, "b"));

        var back = await bench.PlayAsync(bench.Deployments.RollbackAsync("churn", null, TestContext.Current.CancellationToken));

        Assert.Equal(old.ServingRevision, back.ServingRevision);
        Assert.Single(bench.Host.Started);
        Assert.Contains("/a is required", await AskAsync(bench), StringComparison.Ordinal);
    }

    [Fact]
    public void Deploy_SameRuntimeWhileItIsStarting_StartsNothingAgainAndBothCallsEndWell()
    {
        var world = new MachineWorld { LaunchTakes = TimeSpan.FromSeconds(5) };
        world.Tell(new DeploymentEvent.DeployWanted(MachineWorld.Goal(1, 2) with { Runtime = "r" }, [1], false));

        world.Tell(new DeploymentEvent.DeployWanted(MachineWorld.Goal(2, 2) with { Runtime = "r" }, [2], false)).Run(TimeSpan.FromMinutes(1));

        Assert.Equal(2, world.Starts.Count);
        Assert.Empty(world.Refused);
        Assert.Equal([1L, 2L], Assert.Single(world.Stored).Tickets);
        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(2), i.Revision));
    }

    private static PluginSource Source(DeploymentBench bench, string input)
    {
        var result = Encoding.UTF8.GetString(bench.Source().Results[0].Utf8.Span).Replace("\"options\"", $"\"explain\": {{\"inputs\": {{\"{input}\": {{}}}}}}, \"options\"", StringComparison.Ordinal);
        return bench.Source() with { Results = [new StageFile("initial", "results.json", Encoding.UTF8.GetBytes(result))] };
    }

    /// <summary>What a caller is told who sends nothing.</summary>
    private static async Task<string> AskAsync(DeploymentBench bench)
    {
        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", "{\"props\": {}}"u8.ToArray(), null, TestContext.Current.CancellationToken);
        return $"{response.Problem?.Detail} {string.Join(" ", response.Problem?.Problems ?? [])}";
    }
}
