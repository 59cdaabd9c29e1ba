using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A host application that asks who calls: anybody may read its pages, and only people with the role <c>caller</c> may send requests. They sign in with a cookie.</summary>
/// <param name="Redirects">Whether it sends others to another page, as it does by default, instead of answering 401 and 403.</param>
/// <param name="HasProblems">Whether its 401 and 403 are problem documents.</param>
internal sealed record Guard(bool Redirects = false, bool HasProblems = false)
{
    private const string Callers = "callers";

    /// <summary>Where a visitor signs in with a role.</summary>
    public static string SignIn(string role) => $"/sign-in/{role}";

    public void Add(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(o =>
        {
            if (!Redirects)
            {
                o.Events.OnRedirectToLogin = static c => Answer(c.Response, StatusCodes.Status401Unauthorized);
                o.Events.OnRedirectToAccessDenied = static c => Answer(c.Response, StatusCodes.Status403Forbidden);
            }
        });
        services.AddAuthorizationBuilder().AddPolicy(Callers, static p => p.RequireRole("caller"));
        services.Configure<PluginEndpointOptions>(static o => o.Explain = ExplainAccess.Anyone);
        if (HasProblems)
        {
            services.AddProblemDetails();
        }
    }

    public void Use(WebApplication app)
    {
        if (HasProblems)
        {
            app.UseStatusCodePages();
        }

        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet(SignIn("{role}"), (RequestDelegate)(static c => c.SignInAsync(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, (string)c.Request.RouteValues["role"]!)], CookieAuthenticationDefaults.AuthenticationScheme)))));
    }

    public static void Protect(RouteGroupBuilder plugins) => plugins.RequireAuthorization(Callers);

    private static Task Answer(HttpResponse response, int code)
    {
        response.StatusCode = code;
        return Task.CompletedTask;
    }
}
