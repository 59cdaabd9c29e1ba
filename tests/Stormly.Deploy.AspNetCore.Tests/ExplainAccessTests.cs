using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Who may read what plugins say of themselves, beside who may send requests.</summary>
public sealed class ExplainAccessTests
{
    private static readonly string[] Places = ["/plugins/churn", "/plugins/churn/explain.json", "/plugins/churn/openapi.json", "/plugins/churn/schema.json"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExplainAccess.AsGroup, null, "nobody", 401, 401)]
    [InlineData(ExplainAccess.AsGroup, null, "user", 200, 200)]
    [InlineData(ExplainAccess.AsGroup, "readers", "user", 403, 200)]
    [InlineData(ExplainAccess.AsGroup, "readers", "reader", 200, 200)]
    [InlineData(ExplainAccess.Anyone, null, "nobody", 200, 401)]
    public async Task Group_RequiresAuthorization_ExplainFollowsItsSetting(ExplainAccess access, string? policy, string who, int explain, int request)
    {
        await using var host = await StartAsync(o => (o.Explain, o.ExplainPolicy) = (access, policy), static g => g.RequireAuthorization());
        host.Http.DefaultRequestHeaders.Add("X-Who", who);
        foreach (var place in Places)
        {
            using var response = await host.Http.GetAsync(new Uri(place, UriKind.Relative), Token);
            Assert.Equal((place, explain), (place, (int)response.StatusCode));
        }

        using var sent = await host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), Json(), Token);
        Assert.Equal(request, (int)sent.StatusCode);
    }

    [Fact]
    public async Task Group_IsOpen_AndExplainHasAPolicy_RequestsNeedNothing()
    {
        await using var host = await StartAsync(static o => o.ExplainPolicy = "readers");
        using var read = await host.Http.GetAsync(new Uri("/plugins/churn", UriKind.Relative), Token);
        using var sent = await host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), Json(), Token);
        Assert.Equal((401, 200), ((int)read.StatusCode, (int)sent.StatusCode));
    }

    [Fact]
    public async Task Off_NothingIsMapped()
    {
        await using var host = await StartAsync(static o => o.Explain = ExplainAccess.Off);
        using var page = await host.Http.GetAsync(new Uri("/plugins/churn", UriKind.Relative), Token);
        using var document = await host.Http.GetAsync(new Uri("/plugins/churn/explain.json", UriKind.Relative), Token);
        Assert.Equal((405, "POST", 404), ((int)page.StatusCode, string.Join(",", page.Content.Headers.Allow), (int)document.StatusCode));
    }

    [Fact]
    public async Task UnexplainedPlugin_TakesRequestsAlone()
    {
        await using var host = await StartAsync(static o => o.UnexplainedPlugins.Add("churn"));
        foreach (var place in Places)
        {
            using var response = await host.Http.GetAsync(new Uri(place, UriKind.Relative), Token);
            Assert.Equal(404, (int)response.StatusCode);
            Assert.DoesNotContain("No plugin is deployed", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        using var sent = await host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), Json(), Token);
        Assert.Equal(200, (int)sent.StatusCode);
    }

    [Fact]
    public async Task Metadata_OfEveryEndpoint_SaysItsKind_AlsoToTheGroupsConventions()
    {
        var kinds = new HashSet<(string? Name, PluginEndpointKind Kind)>();
        await using var host = await StartAsync(static _ => { }, g => ((IEndpointConventionBuilder)g).Finally(b => kinds.Add((b.DisplayName, b.Metadata.OfType<PluginEndpointMetadata>().Single().Kind))));
        using var response = await host.Http.GetAsync(new Uri("/plugins/churn", UriKind.Relative), Token);
        Assert.Equal((8, 3), (kinds.Count(k => k.Kind == PluginEndpointKind.Explain), kinds.Count(k => k.Kind == PluginEndpointKind.Request)));
    }

    [Fact]
    public async Task Options_ThatContradictEachOther_AreRefusedAtOnce()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(static o => (o.Explain, o.ExplainPolicy) = (ExplainAccess.Anyone, "readers")));
        Assert.Equal("ExplainPolicy must not be there where Explain is Anyone, was: 'readers'", error.Failures.Single());
        error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(static o => o.Explain = (ExplainAccess)9));
        Assert.Equal("Explain must be one of AsGroup, Anyone, Off, was: 9", error.Failures.Single());
        error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(static o => o.UnexplainedPlugins.UnionWith(["churn", "Churn"])));
        Assert.Equal("UnexplainedPlugins must hold names of plugins, was: 'Churn'", error.Failures.Single());
    }

    private static StringContent Json() => new("{\"props\":{}}", Encoding.UTF8, "application/json");

    private static Task<WebHost> StartAsync(Action<PluginEndpointOptions> configure, Action<RouteGroupBuilder>? conventions = null) => WebHost.StartAsync(
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            var group = app.MapPlugins("/plugins");
            conventions?.Invoke(group);
        },
        services =>
        {
            services.AddSingleton<IPluginDescriptions>(new FakeDescriptions());
            services.Configure(configure);
            services.AddAuthorizationBuilder().AddPolicy("readers", static p => p.RequireRole("reader"));
            services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, WhoScheme>("test", null);
        });

    private sealed class WhoScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Who"].ToString() switch
        {
            "" or "nobody" => AuthenticateResult.NoResult(),
            var who => AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, who)], "test")), "test")),
        });
    }
}
