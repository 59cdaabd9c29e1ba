using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Runtime;

/// <summary>Scaling with the whole control plane and data plane, on an in-memory backend and a played clock.</summary>
public class ScaleTests
{
    private static readonly byte[] Body = """{"props": {}}"""u8.ToArray();
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Deploy_WithARange_GoesToZeroAndAnswersTheNextRequest()
    {
        await using var bench = new DeploymentBench().Run();
        var deployed = await bench.DeployAsync(bench.Source() with { Scale = new ScaleRange(0, 3) });
        Assert.Equal((1, new ScaleRange(0, 3)), (deployed.ReadyInstances, deployed.Scale));
        Assert.Equal(PluginOutcome.Ok, (await SendAsync(bench)).Outcome);

        await bench.UntilAsync(() => bench.Snapshot is { WantedInstances: 0, Instances.Length: 0 }, "zero", Step);
        Assert.Equal(DeploymentPhase.Ready, bench.Snapshot.Phase);
        Assert.Contains("the next request starts one", bench.Snapshot.Reason, StringComparison.Ordinal);
        Assert.Empty(bench.Host.Running);

        bench.Host.StartTakes = TimeSpan.FromSeconds(20);
        var waiting = SendAsync(bench);
        await bench.UntilAsync(() => bench.Snapshot.WantedInstances == 1, "the first instance to be ordered without waiting for a tick", TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, bench.Snapshot.Demand);
        Assert.Equal(PluginOutcome.Ok, (await bench.PlayAsync(waiting)).Outcome);
        Assert.Equal(0, bench.Snapshot.Demand);
        Assert.Contains(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Scale && d.Why.Contains("wait, and no instance was wanted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AtZero_ABurst_AllRequestsAreAnswered()
    {
        await using var bench = new DeploymentBench().Run();
        await AtZeroAsync(bench);
        var before = bench.Host.Started.Count;
        bench.Host.StartTakes = TimeSpan.FromSeconds(3);

        var burst = Enumerable.Range(0, 100).Select(_ => SendAsync(bench)).ToArray();
        await bench.UntilAsync(() => burst.All(r => r.IsCompleted), "all answers");

        Assert.All(burst, r => Assert.Equal(PluginOutcome.Ok, r.Result.Outcome));
        Assert.InRange(bench.Host.Started.Count - before, 1, 2);
    }

    [Fact]
    public async Task AtZero_RequestsComeWheneverTheLastOneLeaves_NoneIsLost()
    {
        await using var bench = new DeploymentBench().Run(o =>
        {
            o.Scaling.StableWindow = TimeSpan.FromSeconds(6);
            o.Scaling.Tick = TimeSpan.FromSeconds(1);
            (o.Scaling.ScaleDownDelay, o.Scaling.ScaleToZeroGrace) = (TimeSpan.Zero, TimeSpan.FromSeconds(1));
        });
        await bench.DeployAsync(bench.Source() with { Scale = new ScaleRange(0, 2) });
        var answers = new List<Task<PluginResponse>>();
        for (var round = 0; round < 20; round++)
        {
            // Each round hits another phase of the way to zero: with one, draining, stopping, none.
            await bench.PassAsync(TimeSpan.FromSeconds(7) + (round * TimeSpan.FromMilliseconds(130)), TimeSpan.FromMilliseconds(100));
            answers.Add(SendAsync(bench));
        }

        await bench.UntilAsync(() => answers.All(r => r.IsCompleted), "all answers");

        Assert.All(answers, r => Assert.Equal(PluginOutcome.Ok, r.Result.Outcome));
        Assert.InRange(bench.Host.Started.Count, 3, 21);
    }

    [Fact]
    public async Task AtZero_TheStartFails_WaitingRequestsGet503()
    {
        await using var bench = new DeploymentBench().Run();
        await AtZeroAsync(bench);
        bench.Host.StartError = spec => new Hosts.InstanceStartException(spec.Plugin, spec.Id, "it broke");

        var answer = await bench.PlayAsync(SendAsync(bench), TimeSpan.FromMilliseconds(1));

        Assert.Equal(PluginOutcome.Unavailable, answer.Outcome);
        Assert.NotNull(answer.RetryAfter);
    }

    [Fact]
    public async Task Restart_ADeploymentAtZero_ComesBackAtZeroAndAnswers()
    {
        await using var bench = new DeploymentBench().Run();
        await AtZeroAsync(bench);
        await RestartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Scale is not null, "the deployment to come back");

        await bench.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(bench.Host.Started);
        Assert.Equal((0, new ScaleRange(0, 3)), (bench.Snapshot.WantedInstances, bench.Snapshot.Scale));
        Assert.Equal(PluginOutcome.Ok, (await bench.PlayAsync(SendAsync(bench))).Outcome);
    }

    [Fact]
    public async Task Restart_ADeploymentUnderLoad_ComesBackWithItsNumberAndRange()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 3));
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", new ScaleRange(1, 5), TestContext.Current.CancellationToken));
        await RestartAsync(bench);

        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.ReadyInstances == 3, "its three instances", TimeSpan.FromMilliseconds(20));

        Assert.Equal(new ScaleRange(1, 5), bench.Snapshot.Scale);
        await bench.UntilAsync(() => bench.Snapshot is { WantedInstances: 1, ReadyInstances: 1 }, "the number to follow the load", Step);
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 2, TestContext.Current.CancellationToken));
        Assert.Null(bench.Snapshot.Scale);
    }

    [Fact]
    public async Task AddPlugin_WithARangeAndALimit_IsStoredAndAChangedOneWins()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin, o => (o.Scaling, o.MaxRequestsPerInstance) = (new ScaleRange(1, 4), 1)));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.ReadyInstances == 1, "the plugin");
        Assert.Equal(new ScaleRange(1, 4), bench.Snapshot.Scale);
        Assert.Equal(1, bench.Routes.Find("churn")!.MaxRequestsPerInstance);
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", new ScaleRange(2, 3), TestContext.Current.CancellationToken));

        await RestartAsync(bench, b => b.AddPlugin("churn", bench.Plugin, o => o.Scaling = new ScaleRange(1, 4)));
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.ReadyInstances == 2, "what an operator asked for");
        Assert.Equal(new ScaleRange(2, 3), bench.Snapshot.Scale);
        Assert.Null(bench.Routes.Find("churn")!.MaxRequestsPerInstance);

        await RestartAsync(bench, b => b.AddPlugin("churn", bench.Plugin, o => o.Scaling = new ScaleRange(1, 9)));
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Scale is { Max: 9 }, "what the code says since then");
    }

    [Fact]
    public async Task Deploy_AgainWithoutANumber_KeepsTheRangeAndTheLimit()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source() with { Scale = new ScaleRange(1, 4), MaxRequestsPerInstance = 2 });

        var again = await bench.DeployAsync(bench.Source(version: 2));

        Assert.Equal(new ScaleRange(1, 4), again.Scale);
        Assert.Equal(2, bench.Routes.Find("churn")!.MaxRequestsPerInstance);
        Assert.Equal(new ScaleRange(1, 4), (await bench.PlayAsync(bench.Deployments.RollbackAsync("churn", cancellationToken: TestContext.Current.CancellationToken))).Scale);
    }

    [Fact]
    public async Task Deploy_WithWrongNumbers_NamesAllOfThem()
    {
        await using var bench = new DeploymentBench().Run();
        var source = bench.Source(instances: 2) with { Scale = new ScaleRange(3, 1), MaxRequestsPerInstance = 0 };

        var error = await Assert.ThrowsAsync<PluginSpecException>(() => bench.DeployAsync(source));

        Assert.Equal(["/instances", "/scale", "/maxRequestsPerInstance"], error.Problems.Select(p => p.Pointer));
        Assert.Empty(bench.Host.Started);
    }

    [Theory]
    [InlineData(-1, 3, "have a minimum from 0 to 1000, was: -1..3")]
    [InlineData(0, 0, "have a maximum from 1 to 1000, was: 0")]
    [InlineData(0, 1001, "have a maximum from 1 to 1000")]
    [InlineData(4, 3, "have a minimum that is not above its maximum, was: 4..3")]
    public async Task Scale_ToAWrongRange_IsRefused(int min, int max, string rule)
    {
        await using var bench = new DeploymentBench().Run();

        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.Deployments.ScaleAsync("churn", new ScaleRange(min, max), TestContext.Current.CancellationToken));

        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scale_BeyondWhatTheBackendRuns_IsRefused()
    {
        await using var bench = new DeploymentBench().Run();
        bench.Host.Placement = new() { MaxInstances = 2, Reason = "its port is fixed" };
        await bench.DeployAsync(bench.Source() with { Scale = new ScaleRange(0, 2) });

        await Assert.ThrowsAsync<PluginSpecException>(() => bench.PlayAsync(bench.Deployments.ScaleAsync("churn", new ScaleRange(0, 3), TestContext.Current.CancellationToken)));
        Assert.Equal(new ScaleRange(0, 2), bench.Snapshot.Scale);
    }

    [Fact]
    public async Task Watch_WhileNothingChanges_TellsNothing()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source() with { Scale = new ScaleRange(1, 3) });
        await bench.PassAsync(TimeSpan.FromSeconds(3));
        var version = bench.Snapshot.Version;

        await bench.PassAsync(TimeSpan.FromSeconds(9));

        Assert.InRange(bench.Snapshot.Version - version, 0, 4); // Status checks only, not every tick of scaling.
    }

    private static async Task AtZeroAsync(DeploymentBench bench)
    {
        await bench.DeployAsync(bench.Source() with { Scale = new ScaleRange(0, 3) });
        await bench.UntilAsync(() => bench.Snapshot is { WantedInstances: 0, Instances.Length: 0 }, "zero", Step);
    }

    private static async Task RestartAsync(DeploymentBench bench, Action<IPluginDeploymentBuilder>? build = null)
    {
        await bench.EndAsync();
        bench.Run(build: build);
        await bench.StartAsync();
    }

    private static async Task<PluginResponse> SendAsync(DeploymentBench bench)
        => await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", Body, cancellationToken: TestContext.Current.CancellationToken);
}
