using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Plans;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

/// <summary>Several deployments on one machine with limits, with the whole control plane and data plane on a played clock.</summary>
public class SharedMachineTests
{
    private static readonly byte[] Body = """{"props": {}}"""u8.ToArray();
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task ThreeDeployments_UnderLoad_GetFairPartsAndNeverMoreThanThereIs()
    {
        await using var bench = new DeploymentBench().Run(o => (o.Machine.MaxInstances, o.Machine.Turn) = (4, TimeSpan.FromSeconds(20)));
        bench.Host.StartTakes = TimeSpan.FromSeconds(1);
        bench.Host.OnStart = i =>
        {
            i.AnswerWith(InMemoryAnswer.Ok with { After = TimeSpan.FromSeconds(2) });
            i.StopTakes = TimeSpan.FromSeconds(1);
        };
        foreach (var name in new[] { "a", "b", "c" })
        {
            await bench.DeployAsync(bench.Source() with { Name = PluginName.Parse(name), Scale = new ScaleRange(0, 4) }, Step);
        }

        // First one alone, then all of them.
        var answers = new List<Task<PluginResponse>>();
        await LoadAsync(bench, answers, seconds: 40, "a");
        Assert.True(bench.Host.MostAtOnce == 4, Tell(bench));
        await LoadAsync(bench, answers, seconds: 60, "a", "b", "c");
        var parts = new[] { "a", "b", "c" }.Select(n => bench.Deployments.Get(n)!.ReadyInstances).ToList();
        Assert.All(parts, p => Assert.InRange(p, 1, 2));
        await bench.UntilAsync(() => answers.All(a => a.IsCompleted), "all answers", Step);

        Assert.True(bench.Host.MostAtOnce <= 4, $"{bench.Host.MostAtOnce} lived at once");
        Assert.All(answers, a => Assert.Equal(PluginOutcome.Ok, a.Result.Outcome));
        Assert.Contains(bench.Deployments.Get("a")!.Decisions, d => d.What.Contains("of the machine", StringComparison.Ordinal) && d.Why.Contains("the machine's limit of 4 instances", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoBusyOnesAndRoomForOne_TheyTakeTurnsAndAllAreAnswered()
    {
        await using var bench = new DeploymentBench().Run(o => (o.Machine.MaxInstances, o.Machine.Turn, o.Machine.IdleAfter) = (1, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)));
        foreach (var name in new[] { "a", "b" })
        {
            await bench.DeployAsync(bench.Source() with { Name = PluginName.Parse(name), Scale = new ScaleRange(0, 1) }, Step);
        }

        for (var round = 0; round < 3; round++)
        {
            var (a, b) = (SendAsync(bench, "a"), SendAsync(bench, "b"));
            await bench.UntilAsync(() => a.IsCompleted && b.IsCompleted, "both answers", Step);
            Assert.Equal((PluginOutcome.Ok, PluginOutcome.Ok), ((await a).Outcome, (await b).Outcome));
        }

        Assert.Equal(1, bench.Host.MostAtOnce);
    }

    [Fact]
    public async Task ANewRevision_WithoutRoomForASurge_ComesInAllTheSame()
    {
        await using var bench = new DeploymentBench().Run(o => o.Machine.MaxInstances = 2);
        await bench.DeployAsync(bench.Source(instances: 2), Step);

        var second = await bench.DeployAsync(bench.Source(version: 2, instances: 2), Step);

        Assert.Equal(2, second.Instances.Count(i => i.Revision == second.ServingRevision && i.Phase == InstancePhase.Ready));
        Assert.Equal(2, bench.Host.MostAtOnce);
    }

    [Fact]
    [Trait("Fault", "80")]
    public async Task ANewRevision_WithRoomForASurge_NeverLeavesTheDeploymentWithoutAnInstance()
    {
        await using var bench = new DeploymentBench().Run(o => o.Machine.MaxInstances = 6);
        bench.Host.StartTakes = TimeSpan.FromSeconds(1);
        await bench.DeployAsync(bench.Source(), Step);
        var old = Assert.Single(bench.Host.Started);

        var second = bench.Deployments.DeployAsync(bench.Source(version: 2), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => old.Stops > 0, "the stop of the old one", Step);

        Assert.Equal(2, bench.Host.Started.Count);
        Assert.Equal(2, bench.Host.MostAtOnce);
        await bench.PlayAsync(second, Step);
    }

    [Fact]
    public async Task Deploy_LeastNumbersThatDoNotFit_IsRefusedAndNothingStarts()
    {
        await using var bench = new DeploymentBench().Run(o => o.Machine.MaxInstances = 3);
        await bench.DeployAsync(bench.Source(instances: 2));

        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.DeployAsync(bench.Source(instances: 2) with { Name = PluginName.Parse("b") }));

        Assert.Contains("come to 4 instances", error.Message, StringComparison.Ordinal);
        Assert.Contains("others: 'churn' 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, bench.Host.Started.Count);
        Assert.Null(bench.Deployments.Get("b"));
        var plan = await bench.PlayAsync(bench.Deployments.PlanAsync(bench.Source(instances: 2) with { Name = PluginName.Parse("b") }, TestContext.Current.CancellationToken));
        Assert.Equal((PlanAction.Refuse, error.Message), (plan.Action, plan.Reason));
        await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 4, TestContext.Current.CancellationToken)));
        Assert.Equal(2, bench.Snapshot.WantedInstances);
    }

    [Fact]
    public async Task Registered_AllAtOnceWithoutRoomForAll_AsManyAsFitComeUpWhole()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        string[] names = ["a", "b", "c", "d"];
        bench.Run(o => o.Machine.MaxInstances = 5, b => names.ToList().ForEach(n => b.AddPlugin(n, bench.Plugin, p => p.Instances = 2)));
        await bench.StartAsync();

        await bench.UntilAsync(
            () => names.All(n => bench.Deployments.Get(n) is { Phase: DeploymentPhase.Ready or DeploymentPhase.Failed }), "all to have come up or to be refused", Step);

        Assert.Equal(2, names.Count(n => bench.Deployments.Get(n) is { Phase: DeploymentPhase.Ready, ReadyInstances: 2 }));
        Assert.Equal(4, bench.Host.Started.Count);
    }

    [Fact]
    public async Task Registered_LeastNumberDoesNotFit_StaysAwayHoweverOftenItsFolderIsRead()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(o => (o.Machine.MaxInstances, o.Follow.Enabled) = (2, true), b => b.AddPlugin("churn", bench.Plugin, p => p.Instances = 3));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Failed, Source: not null }, "the refusal", Step);
        await bench.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));

        Assert.Contains("(others: none) come to 3 instances", bench.Snapshot.Reason, StringComparison.Ordinal);
        Assert.Equal(SourceState.Unusable, bench.Snapshot.Source!.State);
        Assert.Empty(bench.Host.Started);
    }

    [Fact]
    public async Task Memory_IsSharedByWhatIsDeclared()
    {
        await using var bench = new DeploymentBench().Run(o => o.Machine.MemoryBytes = 300L << 20);
        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.DeployAsync(bench.Source()));
        Assert.Contains("must declare what one instance uses", error.Message, StringComparison.Ordinal);

        await bench.DeployAsync(bench.Source(instances: 2) with { MemoryBytes = 100 << 20 }, Step);
        error = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.DeployAsync(bench.Source() with { Name = PluginName.Parse("b"), MemoryBytes = 101 << 20 }));
        Assert.Contains("come to 3 instances and 301 MiB", error.Message, StringComparison.Ordinal);
        await bench.DeployAsync(bench.Source() with { Name = PluginName.Parse("b"), MemoryBytes = 100 << 20 }, Step);
        Assert.Equal(3, bench.Host.Running.Count);
    }

    [Fact]
    public async Task Remove_GivesItsRoomToTheOthers()
    {
        await using var bench = new DeploymentBench().Run(o => o.Machine.MaxInstances = 2);
        await bench.DeployAsync(bench.Source(instances: 2), Step);
        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken), Step);

        await bench.DeployAsync(bench.Source(instances: 2) with { Name = PluginName.Parse("b") }, Step);

        Assert.Equal(2, bench.Host.Running.Count);
        Assert.Equal(2, bench.Host.MostAtOnce);
    }

    /// <summary>Twelve requests under way for each of the plugins, all the time.</summary>
    private static async Task LoadAsync(DeploymentBench bench, List<Task<PluginResponse>> answers, int seconds, params string[] plugins)
    {
        var open = plugins.ToDictionary(p => p, _ => new List<Task<PluginResponse>>(), StringComparer.Ordinal);
        for (var step = 0; step < seconds * 5; step++)
        {
            foreach (var (plugin, requests) in open)
            {
                requests.RemoveAll(r => r.IsCompleted);
                while (requests.Count < 12)
                {
                    requests.Add(SendAsync(bench, plugin));
                    answers.Add(requests[^1]);
                }
            }

            await bench.PassAsync(Step, Step);
        }
    }

    private static string Tell(DeploymentBench bench)
        => string.Join(Environment.NewLine, bench.Deployments.List().SelectMany(d => d.Decisions).OrderBy(d => d.At).Select(d => $"{d.At:mm:ss.f} {d.Plugin}: {d.What} ({d.Why})"));

    private static async Task<PluginResponse> SendAsync(DeploymentBench bench, string plugin)
        => await bench.Services.GetRequiredService<IPluginClient>().SendAsync(plugin, Body, cancellationToken: TestContext.Current.CancellationToken);
}
