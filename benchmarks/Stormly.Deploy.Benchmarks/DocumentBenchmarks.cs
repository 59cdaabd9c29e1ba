using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Stormly.Deploy.AspNetCore;
using Stormly.Deploy.Documents;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Benchmarks;

/// <summary>The documents that explain a plugin with 23 features: made for each request, as a first version did, and kept for as long as nothing changes.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class DocumentBenchmarks
{
    private const string Json = "explain.json";
    private const string OpenApi = "openapi.json";
    private const string Markdown = "Markdown";

    private static readonly PluginAddress Address = new() { Path = "/plugins/churn", MaxBodyBytes = 1 << 20 };

    private readonly PluginDescription _description = Describe();
    private readonly MadeDocuments _documents = new();

    [Benchmark(Baseline = true, Description = "made anew")]
    [BenchmarkCategory(Json)]
    public int JsonAnew() => MadeDocument.Make(ExplainDocument.Explanation, _description, Address).Text.Length;

    [Benchmark(Description = "kept")]
    [BenchmarkCategory(Json)]
    public int JsonKept() => Kept(ExplainDocument.Explanation);

    [Benchmark(Baseline = true, Description = "made anew")]
    [BenchmarkCategory(OpenApi)]
    public int OpenApiAnew() => MadeDocument.Make(ExplainDocument.OpenApi, _description, Address).Text.Length;

    [Benchmark(Description = "kept")]
    [BenchmarkCategory(OpenApi)]
    public int OpenApiKept() => Kept(ExplainDocument.OpenApi);

    [Benchmark(Baseline = true, Description = "made anew")]
    [BenchmarkCategory(Markdown)]
    public int MarkdownAnew() => MadeDocument.Make(ExplainDocument.Markdown, _description, Address).Text.Length;

    [Benchmark(Description = "kept")]
    [BenchmarkCategory(Markdown)]
    public int MarkdownKept() => Kept(ExplainDocument.Markdown);

    /// <summary>As a request does: with a description and an address of its own.</summary>
    private int Kept(ExplainDocument document) => _documents.Get(document, _description with { }, Address with { }).Text.Length;

    private static PluginDescription Describe()
    {
        var contract = Samples.Contract(fill: false);
        return new PluginDescription
        {
            Plugin = PluginName.Parse("churn"),
            Revision = new RevisionId(new string('0', 64)),
            Explanation = contract.Explanation,
            Features = contract.Features,
            Verifications =
            [
                .. contract.Explanation.Tabs[0].Inputs.Select(i => new ExampleVerification { Tab = 0, Input = i.Name, Example = 0, At = Samples.Now, Took = TimeSpan.FromMilliseconds(3), Passed = true }),
            ],
        };
    }
}
