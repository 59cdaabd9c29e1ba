using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class SnapshotHubTests
{
    /// <summary>A slow reader finds the removal although the plugin was deployed again before it looked.</summary>
    [Fact]
    public async Task Watch_RemovedAndDeployedAgainBeforeItLooks_EndsWithTheRemoval()
    {
        var hub = new SnapshotHub();
        var first = Snapshot(DeploymentPhase.Ready, 7);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var watch = hub.WatchAsync("churn", () => first, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await watch.MoveNextAsync());

        hub.Publish(Snapshot(DeploymentPhase.Removed, 9));
        hub.Publish(Snapshot(DeploymentPhase.Deploying, 1));

        // Everything that will ever come is there already.
        var next = watch.MoveNextAsync().AsTask();
        await patience.CancelAsync();
        Assert.True(await next);
        Assert.Equal(DeploymentPhase.Removed, watch.Current.Phase);
    }

    private static DeploymentSnapshot Snapshot(DeploymentPhase phase, long version) => new()
    {
        Plugin = PluginName.Parse("churn"),
        Phase = phase,
        Reason = "",
        WantedInstances = 1,
        Instances = [],
        Decisions = [],
        Version = version,
    };
}
