using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Stormly.Deploy.AspNetCore;

public sealed class CanaryKeyTests
{
    [Theory]
    [InlineData("Stormly-Canary-Key: one", "one")]
    [InlineData("stormly-canary-key: one", "one")]
    [InlineData("Stormly-Canary-Key: one|Cookie: user=two", "one")]
    [InlineData("Cookie: user=two", "two")]
    [InlineData("Cookie: other=two", null)]
    [InlineData("Stormly-Canary-Key: |Cookie: user=two", "two")]
    [InlineData("Other: one", null)]
    public async Task Post_Key_IsTheHeaderElseTheCookie(string headers, string? key)
    {
        await using var host = await WebHost.StartAsync(null, static s => s.Configure<PluginEndpointOptions>(o => o.CanaryKeyCookie = "user"));
        Assert.Equal(key, await SendAsync(host, headers));
    }

    [Fact]
    public async Task Post_NamesOfItsOwn_AreReadAndNoOthers()
    {
        await using var host = await WebHost.StartAsync(null, static s => s.Configure<PluginEndpointOptions>(o => o.CanaryKeyHeader = "X-User"));
        Assert.Equal("one", await SendAsync(host, "X-User: one"));
        Assert.Null(await SendAsync(host, "Stormly-Canary-Key: one"));
    }

    [Fact]
    public async Task Post_NothingToRead_HasNoKey()
    {
        await using var host = await WebHost.StartAsync(null, static s => s.Configure<PluginEndpointOptions>(o => o.CanaryKeyHeader = ""));
        Assert.Null(await SendAsync(host, "Stormly-Canary-Key: one|Cookie: user=two"));
    }

    [Fact]
    public async Task MapPlugins_NamesThatAreNone_AreRefusedAtStart()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => WebHost.StartAsync(null, static s => s.Configure<PluginEndpointOptions>(o =>
        {
            o.CanaryKeyHeader = "a b";
            o.CanaryKeyCookie = "a;b";
        })));

        Assert.Equal(2, error.Failures.Count());
        Assert.StartsWith("CanaryKeyHeader must be a name", error.Failures.First(), StringComparison.Ordinal);
    }

    private static async Task<string?> SendAsync(WebHost host, string headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/plugins/churn", UriKind.Relative)) { Content = new StringContent("{\"props\":{}}", null, "application/json") };
        foreach (var header in headers.Split('|').Select(h => h.Split(": ")))
        {
            request.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(host.Plugins.Keys.TryDequeue(out var key));
        return key;
    }
}
