using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.AspNetCore;

public sealed class EndUserTests
{
    private const string Key = "0123456789abcdef-a-long-secret";
    private const string Forged = "X-Forwarded-For: 203.0.113.9|Forwarded: for=203.0.113.9|X-Real-IP: 203.0.113.9|Stormly-End-User-Address: 203.0.113.9|Stormly-End-User-Agent: Other";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_Browser_IsDescribedByItsOwnHeaders()
    {
        var user = await SendAsync("User-Agent: UA|Accept-Language: nl-NL, nl;q=0.9|Referer: https://shop.example/p?utm_source=mail|Sec-CH-UA-Platform: \"Windows\"|Sec-CH-UA-Mobile: ?0");

        Assert.Equal(("127.0.0.1", "UA", "nl-NL, nl;q=0.9"), (user.Address?.ToString(), user.UserAgent, user.AcceptLanguage));
        Assert.Equal(("https://shop.example/p?utm_source=mail", "https://shop.example/p?utm_source=mail"), (user.Referrer, user.PageUrl));
        Assert.Equal(("\"Windows\"", "?0", 2), (user.ClientHints["sec-ch-ua-platform"], user.ClientHints["sec-ch-ua-mobile"], user.ClientHints.Count));
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Post_ForwardedHeadersOfAnybody_AreIgnored()
    {
        var user = await SendAsync(Forged + "|User-Agent: UA", "{\"props\":{},\"context\":{\"address\":\"203.0.113.9\",\"userAgent\":\"Other\",\"acceptLanguage\":\"xx\"}}");

        Assert.Equal(("127.0.0.1", "UA", null), (user.Address?.ToString(), user.UserAgent, user.AcceptLanguage));
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Post_ThroughATrustedProxy_HasTheAddressThatTheProxySaw()
    {
        var user = await SendAsync("X-Forwarded-For: 1.1.1.1, 203.0.113.9|Forwarded: for=9.9.9.9|User-Agent: UA", options: static o => o.TrustedProxies.Add("127.0.0.0/8"));

        Assert.Equal(("203.0.113.9", "UA"), (user.Address?.ToString(), user.UserAgent));
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Post_ThroughATrustedProxy_DoesNotSpeakForOthers()
    {
        var user = await SendAsync(Forged + "|User-Agent: UA", "{\"context\":{\"address\":\"1.1.1.1\"}}", static o => o.TrustedProxies.Add("127.0.0.1"));

        Assert.Equal(("203.0.113.9", "UA"), (user.Address?.ToString(), user.UserAgent)); // by the proxy's header, not by the end user's
        user = await SendAsync("Stormly-End-User-Address: 203.0.113.9|X-Forwarded-For: 198.51.100.7", options: static o => o.TrustedProxies.Add("127.0.0.1"));
        Assert.Equal("198.51.100.7", user.Address?.ToString());
    }

    [Theory]
    [InlineData("Forwarded", "Forwarded: for=\"[2001:db8:1::7]:80\"", "2001:db8:1::7")]
    [InlineData("X-Real-IP", "X-Real-IP: 203.0.113.9|X-Forwarded-For: 9.9.9.9", "203.0.113.9")]
    [Trait("Fault", "69")]
    public async Task Post_AddressHeaderOfTheProxy_IsTheOneOfTheSetting(string name, string headers, string expected)
    {
        var user = await SendAsync(headers, options: o =>
        {
            o.AddressHeader = name;
            o.TrustedProxies.Add("127.0.0.1");
        });

        Assert.Equal(expected, user.Address?.ToString());
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Post_OnBehalfByHeaders_HoldsNothingOfTheCallerItself()
    {
        var user = await SendAsync(
            "User-Agent: server/1|Accept-Language: de|Referer: https://server.example/|Stormly-End-User-Address: [2001:db8:1::7]:80|Stormly-End-User-Agent: UA|Stormly-End-User-Language: nl|Stormly-End-User-Page: https://shop.example/?utm_source=mail",
            options: static o => o.TrustedCallers.Add("127.0.0.1"));

        Assert.Equal(("2001:db8:1::7", "UA", "nl", null, "https://shop.example/?utm_source=mail"), (user.Address?.ToString(), user.UserAgent, user.AcceptLanguage, user.Referrer, user.PageUrl));
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Post_OnBehalfByContext_IsTakenFromTheBody()
    {
        const string Body = """
            {"\u0063ontext": {"address": "203.0.113.9", "userAgent": "U\"A", "acceptLanguage": "nl", "clientHints": {"Sec-CH-UA-Mobile": "?1", "other": "x", "sec-ch-ua-model": 7},
            "referrer": "https://a.example/", "pageUrl": 7, "more": {"address": "1.1.1.1"}}, "props": {"context": {"address": "9.9.9.9"}}}
            """;
        var user = await SendAsync("User-Agent: server/1", Body, static o => o.TrustedCallers.Add("127.0.0.1"));

        Assert.Equal(("203.0.113.9", "U\"A", "nl", "https://a.example/", null), (user.Address?.ToString(), user.UserAgent, user.AcceptLanguage, user.Referrer, user.PageUrl));
        Assert.Equal("?1", Assert.Single(user.ClientHints).Value);
    }

    [Theory]
    [InlineData(Key, true)]
    [InlineData("another-secret-of-16", true)]
    [InlineData("0123456789abcdef-a-long-secreT", false)]
    [InlineData("0123456789abcdef", false)]
    [InlineData("", false)]
    [Trait("Fault", "69")]
    public async Task Post_OnBehalfByKey_CountsWithARightKeyOnly(string key, bool counts)
    {
        var user = await SendAsync($"User-Agent: server/1|Stormly-End-User-Key: {key}|Stormly-End-User-Address: 203.0.113.9", options: static o =>
        {
            o.CallerKeys.Add("another-secret-of-16");
            o.CallerKeys.Add(Key);
        });

        Assert.Equal(counts ? ("203.0.113.9", null) : ("127.0.0.1", "server/1"), (user.Address?.ToString(), user.UserAgent));
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Post_TrustedCallerThatSaysNothing_IsItsOwnEndUser()
    {
        var user = await SendAsync("User-Agent: server/1", options: static o => o.TrustedCallers.Add("127.0.0.1"));

        Assert.Equal(("127.0.0.1", "server/1"), (user.Address?.ToString(), user.UserAgent));
    }

    /// <summary>The script of a page says where it is, whoever's network it is on.</summary>
    [Theory]
    [InlineData("""{"props":{},"context":{"pageUrl":"https://shop.example/?a=b","referrer":"https://www.google.com/"}}""", "https://shop.example/?a=b")]
    [InlineData("""{"props":{},"context":{}}""", null)]
    [Trait("Fault", "69")]
    public async Task Post_PageOnTheNetworkOfATrustedCaller_IsItsOwnEndUser(string body, string? page)
    {
        var user = await SendAsync("User-Agent: browser/1|Accept-Language: nl", body, static o => o.TrustedCallers.Add("127.0.0.1"));

        Assert.Equal(("127.0.0.1", "browser/1", "nl", page), (user.Address?.ToString(), user.UserAgent, user.AcceptLanguage, user.PageUrl));
    }

    [Theory]
    [InlineData("""{"context":{"address":"nonsense","pageUrl":"https://shop.example/"}}""")]
    [InlineData("""{"context":{"address":null}}""")]
    [InlineData("""{"context":{"userAgent":"UA"}}""")]
    [InlineData("""{"context":{"clientHints":{}}}""")]
    [Trait("Fault", "69")]
    public async Task Post_OnBehalfOfSomebodyWithoutAnAddress_IsNotOfTheCaller(string body)
        => Assert.Null((await SendAsync("User-Agent: server/1", body, static o => o.TrustedCallers.Add("127.0.0.1"))).Address);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1")]
    [InlineData("203.0.113.9, 203.0.113.10")]
    [Trait("Fault", "69")]
    public async Task Post_OnBehalfOfAnAddressThatIsNone_IsOfNobodyKnown(string address)
        => Assert.Null((await SendAsync($"Stormly-End-User-Address: {address}", options: static o => o.TrustedCallers.Add("127.0.0.1"))).Address);

    [Fact]
    public async Task Post_ScriptOfAPage_MaySayWhereItIs()
    {
        var user = await SendAsync("Referer: https://shop.example/", "{\"props\":{},\"context\":{\"pageUrl\":\"https://shop.example/p?utm_source=a\",\"referrer\":\"https://www.google.com/\"}}");

        Assert.Equal(("https://shop.example/p?utm_source=a", "https://www.google.com/", "127.0.0.1"), (user.PageUrl, user.Referrer, user.Address?.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"context\":")]
    [InlineData("{\"context\":[{\"address\":\"203.0.113.9\"}]}")]
    [InlineData("{\"context\":{\"address\":")]
    [InlineData("{\"context\":{\"userAgent\":\"\\ud800\"}}")]
    public async Task Post_ContextThatCannotBeRead_SaysNothing(string body)
        => Assert.Null((await SendAsync("Stormly-End-User-Agent: UA", body, static o => o.TrustedCallers.Add("127.0.0.1"))).Address);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_Answer_AsksForClientHintsBySetting(bool asks)
    {
        await using var host = await WebHost.StartAsync(null, s => s.Configure<PluginEndpointOptions>(o => o.EndUser.AskForClientHints = asks));
        using var content = new StringContent("{\"props\":{}}", null, "application/json");
        using var response = await host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), content, Token);

        Assert.Equal(asks, response.Headers.TryGetValues("Accept-CH", out var values) && values.Single().Contains("Sec-CH-UA-Platform-Version", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MapPlugins_OptionsThatCannotWork_AreAllNamedWithoutTheSecrets()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => WebHost.StartAsync(null, static s => s.Configure<PluginEndpointOptions>(o =>
        {
            o.EndUser.TrustedProxies.Add("10.0.0.1/8");
            o.EndUser.TrustedCallers.Add("proxy");
            o.EndUser.CallerKeys.Add("secret");
            o.EndUser.AddressHeader = "";
        })));

        Assert.Equal(4, error.Failures.Count());
        Assert.Contains("EndUser:CallerKeys:0 must have 16 to 512 characters of visible ASCII, was: 6 characters", error.Failures);
        Assert.DoesNotContain("'secret'", error.Message, StringComparison.Ordinal);
    }

    private static async Task<EndUser> SendAsync(string headers, string body = "{\"props\":{}}", Action<EndUserOptions>? options = null)
    {
        await using var host = await WebHost.StartAsync(null, s => s.Configure<PluginEndpointOptions>(o => options?.Invoke(o.EndUser)));
        var lines = string.Join("\r\n", headers.Split('|'));
        var length = Encoding.UTF8.GetByteCount(body);
        var answer = await RawClient.AskAsync(host.Port, $"POST /plugins/churn HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{lines}\r\n\r\n{body}", Token);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.True(host.Plugins.Users.TryDequeue(out var user));
        return user!;
    }
}
