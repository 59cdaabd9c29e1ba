using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>The default store, beyond the contract: several journals, and state folders of earlier versions.</summary>
public sealed class FileDeploymentStoreTests : DeploymentStoreContract
{
    private static readonly string Revision = new('a', 64);

    private string Deployments => Directory.CreateDirectory(Path.Combine(Folder, "deployments")).FullName;

    public override IDeploymentStore Make() => new FileDeploymentStore();

    [Fact]
    [Trait("Fault", "55")]
    public async Task Open_OneJournalSpoilt_TheOthersAreRead()
    {
        await File.WriteAllTextAsync(Path.Combine(Deployments, "bad.journal"), "nothing that was written", Token);
        await File.WriteAllTextAsync(Path.Combine(Deployments, "No Name.journal"), "", Token);
        var store = await OpenAsync();
        await store.WriteAsync(PluginName.Parse("good"), new StoreChange { Document = "{}"u8.ToArray() }, Token);

        var content = await new FileDeploymentStore().OpenAsync(Opening, Token);

        Assert.Equal("good", Assert.Single(content.Deployments).Plugin.Value);
        Assert.Equal("bad", Assert.Single(content.Problems).Plugin.Value);
        Assert.Contains("No Name.journal", Assert.Single(content.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_StateFolderOfAnEarlierVersion_IsCarriedOverOnce()
    {
        var history = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "revisions", "churn")).FullName, "history.json");
        await File.WriteAllTextAsync(Path.Combine(Deployments, "churn.json"), $$"""{"version": 1, "plugin": "churn", "revision": "{{Revision}}", "instances": 2, "registered": 1, "min": 1, "max": 4, "paused": true, "source": {"folder": "/x", "follow": true} }""", Token);
        await File.WriteAllTextAsync(history, $$"""{"version": 1, "revisions": [{"revision": "{{Revision}}", "deployedAt": "2026-01-02T03:04:05Z", "failure": "why"}]}""", Token);

        var first = await new FileDeploymentStore().OpenAsync(Opening, Token);
        var second = await new FileDeploymentStore().OpenAsync(Opening, Token);

        Assert.Contains("carried over", Assert.Single(first.Notes), StringComparison.Ordinal);
        Assert.Empty(second.Notes);
        Assert.All(new[] { first, second }, content =>
        {
            var document = DeploymentDocument.Read(Assert.Single(content.Deployments).Document.Span);
            Assert.Equal((Revision, 2, new ScaleRange(1, 4)), (document.Serves!.Revision, document.Serves.Instances, document.Serves.Range));
            Assert.Equal((1, true, "/x"), (document.Registered, document.Paused, document.Source!.Folder));
            Assert.Equal("why", Assert.Single(document.Revisions).Failure);
        });
        Assert.Equal(["churn.journal"], Directory.GetFiles(Deployments).Select(f => Path.GetFileName(f)));
        Assert.False(File.Exists(history));
    }

    /// <summary>A crash between the new file and the removal of the old one.</summary>
    [Fact]
    public async Task Open_CarriedOverBefore_KeepsTheNewerAndRemovesTheOlder()
    {
        var store = await OpenAsync();
        await store.WriteAsync(PluginName.Parse("churn"), new StoreChange { Document = "{\"newer\":1}"u8.ToArray() }, Token);
        await File.WriteAllTextAsync(Path.Combine(Deployments, "churn.json"), "{}", Token);

        var content = await new FileDeploymentStore().OpenAsync(Opening, Token);

        Assert.Equal("{\"newer\":1}", Encoding.UTF8.GetString(Assert.Single(content.Deployments).Document.Span));
        Assert.False(File.Exists(Path.Combine(Deployments, "churn.json")));
    }

    [Theory]
    [Trait("Fault", "55")]
    [InlineData("")]
    [InlineData("{\"version\": 1, \"plugin\": \"chu")]
    [InlineData("{\"version\": 2, \"plugin\": \"churn\", \"revision\": \"0000000000000000000000000000000000000000000000000000000000000000\", \"instances\": 1}")]
    [InlineData("{\"version\": 1, \"plugin\": \"other\", \"revision\": \"0000000000000000000000000000000000000000000000000000000000000000\", \"instances\": 1}")]
    [InlineData("{\"version\": 1, \"plugin\": \"churn\", \"revision\": \"../../etc\", \"instances\": 1}")]
    [InlineData("{\"version\": 1, \"plugin\": \"churn\", \"revision\": \"0000000000000000000000000000000000000000000000000000000000000000\", \"instances\": -5}")]
    public async Task Open_FileOfAnEarlierVersionCannotBeTrusted_IsSetAsideWithANote(string text)
    {
        var file = Path.Combine(Deployments, "churn.json");
        await File.WriteAllTextAsync(file, text, Token);

        var content = await new FileDeploymentStore().OpenAsync(Opening, Token);

        Assert.Empty(content.Deployments);
        Assert.Contains("churn.json", Assert.Single(content.Notes), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file + ".unreadable", Token));
        Assert.Empty((await new FileDeploymentStore().OpenAsync(Opening, Token)).Notes);
    }

    private StoreOpening Opening => new() { StateFolder = Folder, Newest = 10, Decisions = 100, DecisionBytes = 1 << 20 };

    private async Task<FileDeploymentStore> OpenAsync()
    {
        var store = new FileDeploymentStore();
        await store.OpenAsync(Opening, Token);
        return store;
    }
}
