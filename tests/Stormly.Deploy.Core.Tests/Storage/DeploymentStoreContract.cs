using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>What every store must do, whoever wrote it.</summary>
public abstract class DeploymentStoreContract : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-store-");

    private static readonly PluginName Churn = PluginName.Parse("churn");
    private static readonly PluginName Other = PluginName.Parse("other");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected string Folder => _home.FullName;

    public void Dispose()
    {
        _home.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A store on what an earlier one with the same folder left.</summary>
    public abstract IDeploymentStore Make();

    [Fact]
    public async Task Open_Nothing_HoldsNothing()
    {
        var content = await Make().OpenAsync(Opening(), Token);

        Assert.Empty(content.Deployments);
        Assert.Empty(content.Problems);
    }

    [Fact]
    public async Task Write_DocumentAndDecisions_AreThereInTheNextRunByteForByte()
    {
        var document = Encoding.UTF8.GetBytes("{ \"ä\": [1.0, 1e3, \"\\u0041\"],\n \"b\" : null }");
        var store = Make();
        await store.OpenAsync(Opening(), Token);
        await store.WriteAsync(Churn, new StoreChange { Document = "{}"u8.ToArray(), Decisions = [Decision(1), Decision(2)] }, Token);
        await store.WriteAsync(Churn, new StoreChange { Document = document }, Token);
        await store.WriteAsync(Churn, new StoreChange { Decisions = [Decision(3)] }, Token);
        await store.WriteAsync(Other, new StoreChange { Decisions = [Decision(1)] }, Token);
        await store.CloseAsync();

        var content = await Make().OpenAsync(Opening(), Token);

        Assert.Equal(["churn", "other"], content.Deployments.Select(d => d.Plugin.Value).Order(StringComparer.Ordinal));
        var churn = content.Deployments.Single(d => d.Plugin == Churn);
        Assert.Equal(document, churn.Document.ToArray());
        Assert.Equal([1, 2, 3], churn.Decisions.Select(d => d.Sequence));
        Assert.Equal(Decision(2), churn.Decisions[1]);
        Assert.True(content.Deployments.Single(d => d.Plugin == Other).Document.IsEmpty);
    }

    /// <summary>A host application that dies closes nothing.</summary>
    [Fact]
    public async Task Write_NeverClosed_IsThereAllTheSame()
    {
        var store = Make();
        await store.OpenAsync(Opening(), Token);
        await store.WriteAsync(Churn, new StoreChange { Document = "{\"x\":1}"u8.ToArray() }, Token);

        Assert.Equal("{\"x\":1}"u8.ToArray(), Assert.Single((await Make().OpenAsync(Opening(), Token)).Deployments).Document.ToArray());
    }

    [Fact]
    public async Task Open_Newest_ReturnsTheNewestInTheirOrder()
    {
        var store = Make();
        await store.OpenAsync(Opening(), Token);
        for (var i = 1; i <= 9; i++)
        {
            await store.WriteAsync(Churn, new StoreChange { Decisions = [Decision(i)] }, Token);
        }

        Assert.Equal([8, 9], Assert.Single((await Make().OpenAsync(Opening() with { Newest = 2 }, Token)).Deployments).Decisions.Select(d => d.Sequence));
    }

    [Fact]
    public async Task ReadDecisions_After_ReturnsTheRestAndNothingOfOthers()
    {
        var store = Make();
        await store.OpenAsync(Opening(), Token);
        await store.WriteAsync(Churn, new StoreChange { Decisions = [.. Enumerable.Range(1, 20).Select(Decision)] }, Token);

        Assert.Equal(Enumerable.Range(13, 8).Select(i => (long)i), await ReadAsync(store, Churn, 12));
        Assert.Empty(await ReadAsync(store, Churn, 20));
        Assert.Empty(await ReadAsync(store, Other, 0));
    }

    [Fact]
    public async Task ReadDecisions_MoreThanAreKept_HoldsTheNewest()
    {
        var opening = Opening() with { Decisions = 10 };
        var store = Make();
        await store.OpenAsync(opening, Token);
        for (var i = 1; i <= 300; i++)
        {
            await store.WriteAsync(Churn, new StoreChange { Decisions = [Decision(i)] }, Token);
        }

        var kept = await ReadAsync(store, Churn, 0);

        Assert.Equal(Enumerable.Range(291, 10).Select(i => (long)i), kept.TakeLast(10));
        Assert.Equal(kept.Order(), kept);
    }

    [Fact]
    public async Task Delete_ThenWrite_BeginsAnew()
    {
        var store = Make();
        await store.OpenAsync(Opening(), Token);
        await store.DeleteAsync(Churn, Token);
        await store.WriteAsync(Churn, new StoreChange { Document = "{}"u8.ToArray(), Decisions = [Decision(1)] }, Token);
        await store.DeleteAsync(Churn, Token);
        Assert.Empty((await Make().OpenAsync(Opening(), Token)).Deployments);
        Assert.Empty(await ReadAsync(store, Churn, 0));

        await store.WriteAsync(Churn, new StoreChange { Decisions = [Decision(1)] }, Token);

        var deployment = Assert.Single((await Make().OpenAsync(Opening(), Token)).Deployments);
        Assert.True(deployment.Document.IsEmpty);
        Assert.Equal(1, Assert.Single(deployment.Decisions).Sequence);
    }

    /// <summary>Readers beside a writer: each sees a beginning of what was written, whole and in order.</summary>
    [Fact]
    public async Task ReadDecisions_WhileOthersWrite_SeesNoHalfAndNoHole()
    {
        var store = Make();
        await store.OpenAsync(Opening(), Token);
        var writers = new[] { Churn, Other }.Select(plugin => Task.Run(
            async () =>
            {
                for (var i = 1; i <= 100; i++)
                {
                    await store.WriteAsync(plugin, new StoreChange { Document = "{}"u8.ToArray(), Decisions = [Decision((2 * i) - 1), Decision(2 * i)] }, Token);
                }
            },
            Token)).ToList();
        var all = Task.WhenAll(writers);
        while (!all.IsCompleted)
        {
            var seen = await ReadAsync(store, Churn, 0);
            Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen);
            Assert.Equal(0, seen.Count % 2);
        }

        await all;
        Assert.Equal(200, (await ReadAsync(store, Other, 0)).Count);
    }

    private static async Task<List<long>> ReadAsync(IDeploymentStore store, PluginName plugin, long after)
    {
        var read = new List<long>();
        await foreach (var decision in store.ReadDecisionsAsync(plugin, after, Token))
        {
            read.Add(decision.Sequence);
        }

        return read;
    }

    private static DecisionRecord Decision(int sequence) => JournalTests.Decision(sequence) with { Basis = new DecisionBasis("a ≥ b", "x", "y").With("a", sequence) };

    private StoreOpening Opening() => new() { StateFolder = Folder, Newest = 100, Decisions = 1000, DecisionBytes = 1 << 20 };
}
