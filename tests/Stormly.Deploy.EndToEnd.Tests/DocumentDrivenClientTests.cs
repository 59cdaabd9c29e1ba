using System.Text.Json;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>A client that knows nothing of a plugin but its OpenAPI document calls the sample through a real host application.</summary>
public sealed class DocumentDrivenClientTests : IDisposable
{
    private static readonly string[] Needs = ["python3", "flask", "py:flask"];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task I_can_call_a_plugin_with_nothing_but_its_document()
    {
        var missing = Programs.FindMissing(Needs) ?? NodeTool.FindMissing("openapi");
        Assert.SkipWhen(missing is not null, missing ?? "");
        await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed: 1, Token);
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), Token);
        await host.DeployAsync("churn", _folder.Sub("plugin"), instances: 1, Token);
        var document = $"{host.Address}/plugins/churn/openapi.json";

        foreach (var example in new[] { "least1", "most1" })
        {
            var good = await CallAsync(document, example);
            Assert.Equal((200, true), (good.GetProperty("status").GetInt32(), good.GetProperty("described").GetBoolean()));
            Assert.Equal($"{host.Address}/plugins/churn", good.GetProperty("url").GetString());
            Assert.InRange(good.GetProperty("body").GetProperty("probability").GetDouble(), 0.0, 1.0);
        }

        var refused = await CallAsync(document, """{"props":{"plan":"free"}}""");
        Assert.Equal((400, true), (refused.GetProperty("status").GetInt32(), refused.GetProperty("described").GetBoolean()));
        Assert.Equal("/props/user_created", refused.GetProperty("body").GetProperty("problems")[0].GetProperty("pointer").GetString());
        var failed = await CallAsync(document, """{"props":{"user_created":9999999999}}""");
        Assert.Equal((502, true), (failed.GetProperty("status").GetInt32(), failed.GetProperty("described").GetBoolean()));
        Assert.Equal(422, failed.GetProperty("body").GetProperty("pluginStatus").GetInt32());
    }

    private static async Task<JsonElement> CallAsync(string document, string what)
    {
        var (code, output) = await NodeTool.RunAsync("openapi", "call.mjs", [document, what], Token);
        Assert.True(code == 0, output);
        return JsonElement.Parse(output);
    }
}
