using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.AspNetCore;
using Stormly.Deploy.Geo.Tests;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>Country, region, city and local hour from a geo database: over HTTP, for a real plugin that gives back the body that it got.</summary>
public sealed class GeoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("203.0.113.9", "Netherlands", "Amsterdam", "Europe/Amsterdam")]
    [InlineData("6.6.6.6, 203.0.113.9", "Netherlands", "Amsterdam", "Europe/Amsterdam")] // what a caller claims itself stands before what the proxy saw
    [InlineData("2001:db8:1::7", "Netherlands", "Amsterdam", "Europe/Amsterdam")]
    [InlineData("198.51.100.1", "Germany", null, null)]
    [InlineData("192.0.2.77", null, null, null)]
    [InlineData("unknown", null, null, null)]
    [Trait("Fault", "69")]
    public async Task Behind_a_proxy_the_plugin_gets_the_place_of_the_address_that_the_proxy_saw(string header, string? country, string? city, string? zone)
    {
        await using var host = await StartAsync(static o => o.EndUser.TrustedProxies.Add("127.0.0.1"));
        Assert.Equal((country, city, zone), await AskAsync(host, "X-Forwarded-For", header));
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("Forwarded")]
    [InlineData("Stormly-End-User-Address")]
    [Trait("Fault", "69")]
    public async Task Without_a_proxy_nobody_is_elsewhere_by_saying_so(string header)
    {
        await using var host = await StartAsync(static _ => { });
        Assert.Equal((null, null, null), await AskAsync(host, header, header == "Forwarded" ? "for=203.0.113.9" : "203.0.113.9"));
    }

    [Fact]
    public async Task Without_a_proxy_the_connections_own_address_counts()
    {
        await using var host = await StartAsync(static _ => { }, new MmdbWriter().Add("127.0.0.0/8", Place("NL", "Amsterdam", "Europe/Amsterdam")));
        Assert.Equal(("Netherlands", "Amsterdam", "Europe/Amsterdam"), await AskAsync(host, "X-Forwarded-For", "198.51.100.1"));
    }

    [Fact]
    public async Task What_the_caller_sends_itself_is_not_written_over()
    {
        await using var host = await StartAsync(static o => o.EndUser.TrustedProxies.Add("127.0.0.1"));
        Assert.Equal(("Germany", "Amsterdam", "Europe/Amsterdam"), await AskAsync(host, "X-Forwarded-For", "203.0.113.9", """{"props":{"feature_c1":"Germany"}}"""));
    }

    private async Task<HostApplication> StartAsync(Action<PluginEndpointOptions> configure, MmdbWriter? database = null)
    {
        var file = Path.Combine(_folder.Sub("geo"), "city.mmdb");
        await File.WriteAllBytesAsync(file, (database ?? Database()).ToArray(), Token);
        var host = await HostApplication.StartAsync(_folder.Sub("state"), Token, add: p =>
        {
            p.UseGeoDatabase(file);
            p.Services.Configure(configure);
        });
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        await File.WriteAllTextAsync(Path.Combine(plugin, "manifest-initial.json"), Manifest, Token);
        await host.DeployAsync("churn", plugin, instances: 1, Token);
        return host;
    }

    /// <summary>Sends a request, and reads in the plugin's answer what it got.</summary>
    private static async Task<(string? Country, string? City, string? Zone)> AskAsync(HostApplication host, string header, string value, string body = """{"props":{}}""")
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{host.Address}/plugins/churn") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(header, value);
        using var response = await http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.DoesNotContain("203.0.113.9", text, StringComparison.Ordinal);
        var props = JsonElement.Parse(text).GetProperty("body").GetProperty("props");
        string? Find(string key) => props.TryGetProperty(key, out var found) ? found.GetString() : null;
        return (Find("feature_c1"), Find("feature_c2"), Find("feature_c3"));
    }

    private static MmdbWriter Database() => new MmdbWriter()
        .Add("203.0.113.0/24", Place("NL", "Amsterdam", "Europe/Amsterdam"))
        .Add("2001:db8:1::/48", Place("NL", "Amsterdam", "Europe/Amsterdam"))
        .Add("198.51.100.0/24", new Dictionary<string, object> { ["country"] = new Dictionary<string, object> { ["iso_code"] = "DE" } });

    private static Dictionary<string, object> Place(string country, string city, string zone) => new()
    {
        ["country"] = new Dictionary<string, object> { ["iso_code"] = country },
        ["city"] = new Dictionary<string, object> { ["names"] = new Dictionary<string, object> { ["en"] = city } },
        ["location"] = new Dictionary<string, object> { ["time_zone"] = zone },
    };

    // The model knows countries by their names, so that is how they are sent.
    private const string Manifest = """
        {"stage":"initial","metadata":{"features":{
          "feature_c1":{"name":"Country","type":"categorical","nativeType":"string","values":[{"value":"Netherlands","count":7},{"value":"Germany","count":3}]},
          "feature_c2":{"name":"City","type":"categorical","nativeType":"string"},
          "feature_c3":{"name":"Time zone","type":"categorical","nativeType":"string"}
        }}}
        """;
}
