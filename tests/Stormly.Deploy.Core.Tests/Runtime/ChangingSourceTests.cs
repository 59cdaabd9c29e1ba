using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>Where a deployment comes from is changed by calls, and by a follower that notes its runs: neither undoes what the other did.</summary>
public sealed class ChangingSourceTests
{
    [Fact]
    public async Task ChangeSource_RunsAreNotedWhileTheFolderChanges_KeepsBoth()
    {
        const int Changes = 100_000;
        await using var bench = new DeploymentBench();
        bench.Run();
        await bench.DeployAsync(bench.Source());
        var controller = bench.Services.GetRequiredService<PluginDeployments>().Started!.Find("churn")!;
        controller.ChangeSource(static _ => new StoredSource { Folder = "0", LastRun = DateTimeOffset.UnixEpoch });

        var undone = await Task.WhenAll(
            Task.Run(
                () => Repeat(
                    i => controller.ChangeSource(before => new StoredSource { Folder = $"{i}", LastRun = before?.LastRun }),
                    i => controller.Source!.Folder == $"{i}"),
                TestContext.Current.CancellationToken),
            Task.Run(
                () => Repeat(
                    i => controller.ChangeSource(before => before! with { LastRun = DateTimeOffset.UnixEpoch.AddSeconds(i) }),
                    i => controller.Source!.LastRun == DateTimeOffset.UnixEpoch.AddSeconds(i)),
                TestContext.Current.CancellationToken));

        Assert.Equal([0, 0], undone);

        static int Repeat(Action<int> change, Func<int, bool> holds) => Enumerable.Range(1, Changes).Count(i =>
        {
            change(i);
            return !holds(i);
        });
    }
}
