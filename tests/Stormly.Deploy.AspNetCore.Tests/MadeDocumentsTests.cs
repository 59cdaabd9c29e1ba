using System.Text;
using Stormly.Deploy.Documents;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore;

public class MadeDocumentsTests
{
    private static readonly PluginAddress Address = new() { Path = "/plugins/churn" };

    private readonly MadeDocuments _documents = new();

    public static TheoryData<string, Func<PluginDescription, PluginDescription>> Changes => new()
    {
        { "another revision", d => d with { Revision = new RevisionId(new string('b', 64)) } },
        { "another explanation", d => d with { Explanation = new PluginExplanation { Tabs = [new ExplainedTab { Title = "new" }] } } },
        { "more known of features", d => d with { Features = [new() { Key = "feature_a", MostCommon = RawJson.FromText("1") }] } },
        { "an example that was run", d => d with { Verifications = [new() { Tab = 0, Input = "a", Example = 0, At = DateTimeOffset.UnixEpoch, Took = TimeSpan.Zero, Passed = true }] } },
        { "a newer answer", d => d with { LastAnswer = RawJson.FromText("[1]") } },
    };

    [Fact]
    public void Get_NothingChanged_IsTheVerySameDocument()
    {
        var description = FakeDescriptions.Describe("churn");
        var first = _documents.Get(ExplainDocument.Explanation, description, Address);

        Assert.Same(first, _documents.Get(ExplainDocument.Explanation, description with { }, Address with { }));
        Assert.NotSame(first, _documents.Get(ExplainDocument.OpenApi, description, Address));
        Assert.NotSame(first, _documents.Get(ExplainDocument.Explanation, description, Address with { PathBase = "/tenant" }));
        Assert.NotSame(first, _documents.Get(ExplainDocument.Explanation, description with { Plugin = PluginName.Parse("other") }, Address));
        Assert.Same(first, _documents.Get(ExplainDocument.Explanation, description, Address));
    }

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void Get_SomethingChanged_IsMadeAnew(string what, Func<PluginDescription, PluginDescription> change)
    {
        var before = FakeDescriptions.Describe("churn");
        var first = _documents.Get(ExplainDocument.Explanation, before, Address);

        var second = _documents.Get(ExplainDocument.Explanation, change(before), Address);

        Assert.False(first.Tag.Equals(second.Tag), what);
        Assert.Equal(MadeDocument.Make(ExplainDocument.Explanation, change(before), Address).Text.ToArray(), second.Text.ToArray());
        Assert.Same(second, _documents.Get(ExplainDocument.Explanation, second.Description, Address));
        Assert.Equal(1, _documents.Count);
    }

    [Fact]
    public void Get_ManySpellingsOfAnAddress_KeepsNoMoreThanThereIsRoomFor()
    {
        var description = FakeDescriptions.Describe("churn");
        for (var i = 0; i < MadeDocuments.Room * 3; i++)
        {
            var made = _documents.Get(ExplainDocument.Explanation, description, new PluginAddress { Path = $"/plugins/{i}" });
            Assert.Contains($"\"/plugins/{i}\"", Encoding.UTF8.GetString(made.Text.Span), StringComparison.Ordinal);
            Assert.InRange(_documents.Count, 1, MadeDocuments.Room);
        }
    }

    [Fact]
    public void Get_LongDocument_IsRightAndNotKept()
    {
        var small = FakeDescriptions.Describe("churn");
        _documents.Get(ExplainDocument.Explanation, small, Address);
        var large = FakeDescriptions.Describe("churn", new ExplainedTab { Title = new string('x', MadeDocuments.LongestBytes) });

        var made = _documents.Get(ExplainDocument.Explanation, large, Address);

        Assert.True(made.Text.Length > MadeDocuments.LongestBytes);
        Assert.Equal(0, _documents.Count);
    }
}
