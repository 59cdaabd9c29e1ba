using System.Collections.Concurrent;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

public class StateWriterTests
{
    private readonly List<Exception> _bugs = [];
    private readonly ConcurrentDictionary<PluginName, StoredDeployment> _kept = new();

    /// <summary>Whoever waits for a write may fail over something of its own: the next write, and who waits for that, must not.</summary>
    [Fact]
    public async Task Put_WhoWaitsFails_IsToldAndTheNextIsWrittenAllTheSame()
    {
        var work = new BackgroundWork(_bugs.Add);
        var plugin = PluginName.Parse("churn");
        var store = new MemoryStore(_kept);
        await store.OpenAsync(new StoreOpening { StateFolder = "/", Newest = 1, Decisions = 1, DecisionBytes = 1 << 16 }, TestContext.Current.CancellationToken);
        var writer = new StateWriter(plugin, store, work, _ => Assert.Fail("nothing was lost"), settled: 0);
        var beside = false;
        writer.Put(new DeploymentDocument(), _ => throw new IOException("the disk is gone"));
        writer.Put(new DeploymentDocument(), _ => beside = true);
        await writer.Flush();
        await work.WhenIdleAsync();

        Exception? answer = new InvalidOperationException("no answer");
        writer.Put(new DeploymentDocument { Paused = true }, error => answer = error);
        await writer.Flush();
        await work.WhenIdleAsync();

        Assert.True(beside, "who waited beside it was told");
        Assert.Null(answer);
        Assert.True(DeploymentDocument.Read(_kept[plugin].Document.Span).Paused);
        Assert.Equal("the disk is gone", Assert.Single(_bugs).Message);
    }
}
