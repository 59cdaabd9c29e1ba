using System.Text.Json;
using Microsoft.OpenApi;
using Stormly.Deploy.Documents;

namespace Stormly.Deploy.Core.Tests.Documents;

/// <summary>Judged by Microsoft's reader of OpenAPI; OpenApiToolTests lets others judge as well.</summary>
public sealed class OpenApiDocumentTests
{
    [Theory]
    [MemberData(nameof(Descriptions.Names), MemberType = typeof(Descriptions))]
    public void Write_Any_IsReadWithoutErrorOrWarning(string name)
    {
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(Write(Descriptions.Find(name)), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        var post = read.Document!.Paths["/plugins/churn"].Operations![HttpMethod.Post];
        Assert.Equal(["200", "400", "404", "405", "408", "413", "415", "429", "502", "503", "504"], post.Responses!.Keys);
        Assert.Equal("Stormly-Canary-Key", Assert.Single(post.Parameters!).Name);
    }

    [Theory]
    [MemberData(nameof(Descriptions.Names), MemberType = typeof(Descriptions))]
    public void Write_Any_ExamplesFitTheirSchemas(string name)
    {
        var document = JsonElement.Parse(Write(Descriptions.Find(name)));
        var post = document.GetProperty("paths").GetProperty("/plugins/churn").GetProperty("post");
        foreach (var (content, schema) in new[] { (post.GetProperty("requestBody"), "Request"), (post.GetProperty("responses").GetProperty("200"), "Answer") })
        {
            if (content.GetProperty("content").GetProperty("application/json").TryGetProperty("examples", out var examples))
            {
                var rule = Schemas.OfComponent(document, schema);
                Assert.All(examples.EnumerateObject(), e => Assert.True(rule.Evaluate(e.Value.GetProperty("value")).IsValid, e.Value.GetRawText()));
            }
        }
    }

    [Fact]
    public void Write_Full_TellsImportanceAndWhoElseSuppliesAnInput()
    {
        var props = JsonElement.Parse(Write(Descriptions.Full)).GetProperty("components").GetProperty("schemas").GetProperty("Props").GetProperty("properties");
        Assert.Equal(0.8, props.GetProperty("user_created").GetProperty("x-importance").GetDouble());
        Assert.Equal(("detector", "provider"), (props.GetProperty("feature_b3").GetProperty("x-source").GetString(), props.GetProperty("feature_b2").GetProperty("x-source").GetString()));
    }

    [Fact]
    public void Write_BehindAPathBase_IsRightForTheServer()
    {
        var text = Write(Descriptions.Bare, Descriptions.Address with { PathBase = "/tenant-a", Path = "/api/mod%20els/churn", CanaryKeyHeader = null });

        var document = JsonElement.Parse(text);
        Assert.Equal("/tenant-a", document.GetProperty("servers")[0].GetProperty("url").GetString());
        var post = document.GetProperty("paths").GetProperty("/api/mod%20els/churn").GetProperty("post");
        Assert.False(post.TryGetProperty("parameters", out _));
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("accept")]
    public void Write_CanaryHeaderThatOpenApiKeepsForItself_IsLeftOut(string header)
        => Assert.DoesNotContain("\"parameters\"", Write(Descriptions.Bare, Descriptions.Address with { CanaryKeyHeader = header }), StringComparison.Ordinal);

    [Fact]
    public void Write_StatusCodesThatAskToWait_SayForHowLong()
    {
        var responses = JsonElement.Parse(Write(Descriptions.Bare)).GetProperty("paths").GetProperty("/plugins/churn").GetProperty("post").GetProperty("responses");
        var waiting = responses.EnumerateObject().Where(r => r.Value.TryGetProperty("headers", out var headers) && headers.TryGetProperty("Retry-After", out _)).Select(r => r.Name);
        Assert.Equal(["429", "503"], waiting);
    }

    [Fact]
    public void Write_StatusCodes_AreThoseOfTheArchitecturePage()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "architecture.md"));
        var table = page[page.IndexOf("| the caller gets |", StringComparison.Ordinal)..page.IndexOf("## How a deployment travels", StringComparison.Ordinal)];
        var listed = table.Split('\n').Select(l => l.Split('|')).Where(c => c.Length > 2).SelectMany(c => c[1].Split(' ', ',')).Where(w => w.Length == 3 && int.TryParse(w, out _)).Distinct();

        Assert.Equal(listed.Order(), AnswerTable.Errors.Select(r => $"{r.Status}").Prepend("200").Order());
    }

    private static string Write(PluginDescription description, PluginAddress? address = null)
        => Descriptions.Text(o => PluginDocuments.WriteOpenApi(description, address ?? Descriptions.Address, o));
}
