using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stormly.Deploy;
using Stormly.Deploy.AspNetCore;
using Stormly.Deploy.AspNetCore.Pages;
using Stormly.Deploy.Requests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps plugins into an application.</summary>
public static class PluginEndpointRouteBuilderExtensions
{
    private const string Plugin = "/{" + PluginRequestHandler.PluginRouteValue + "}";

    /// <summary>
    /// Maps <c>POST {prefix}/{plugin}</c> for every plugin, now and later: the body <c>{"props": {...}}</c> as <c>application/json</c>, the answer the
    /// plugin's own JSON, every error a problem document (RFC 9457). A GET of the same address explains the plugin in the form that
    /// <c>Accept</c> asks for, and so do <c>explain.json</c>, <c>openapi.json</c> and <c>schema.json</c> below it (<see cref="PluginEndpointOptions.Explain"/>).
    /// Conventions of the group, such as authorization, count for all of it; <see cref="PluginEndpointMetadata"/> tells the endpoints apart.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">What the addresses begin with, e.g. <c>/plugins</c>.</param>
    /// <returns>The group of all endpoints.</returns>
    /// <exception cref="InvalidOperationException">Plugin deployment was not added to the services.</exception>
    /// <exception cref="OptionsValidationException">The <see cref="PluginEndpointOptions"/> are out of their ranges.</exception>
    public static RouteGroupBuilder MapPlugins(this IEndpointRouteBuilder endpoints, string prefix = "/plugins")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = endpoints.ServiceProvider;
        var client = services.GetService<IPluginClient>()
            ?? throw new InvalidOperationException("Plugins cannot be mapped: call AddPluginDeployment on the application's services first.");
        var options = services.GetRequiredService<IOptions<PluginEndpointOptions>>().Value;
        PluginEndpointOptionsValidator.Check(options);
        var requests = services.GetService<IOptions<RequestOptions>>()?.Value ?? new RequestOptions();
        var users = new EndUserReader(options.EndUser);
        var explain = MakeExplain(services, options, requests, users);
        var handler = new PluginRequestHandler(
            client,
            new CallerBodyReader(requests.MaxBodyBytes, options.BodyTimeout, services.GetService<TimeProvider>() ?? TimeProvider.System),
            options,
            users);
        var group = endpoints.MapGroup(prefix);
        if (explain is not null)
        {
            ExplainRoutes.Map(group, Plugin, explain, options);
        }

        var calls = group.MapGroup("").WithMetadata(new PluginEndpointMetadata(PluginEndpointKind.Request));
        calls.MapPost(Plugin, (RequestDelegate)handler.HandleAsync).WithDisplayName("Plugin request");

        var methods = explain is null ? HttpMethods.Post : $"{ExplainRoutes.Methods}, {HttpMethods.Post}";
        calls.Map(Plugin, PluginRequestHandler.RefuseMethod(methods, WebProblem.Method)).WithDisplayName("Plugin, other methods");
        calls.Map(Plugin + "/{**rest}", (RequestDelegate)PluginRequestHandler.RefusePlaceAsync).WithDisplayName("Below a plugin");
        return group;
    }

    /// <summary>What explains plugins; null where that is off, or where nobody describes them.</summary>
    private static ExplainHandler? MakeExplain(IServiceProvider services, PluginEndpointOptions options, RequestOptions requests, EndUserReader users)
        => options.Explain != ExplainAccess.Off && services.GetService<IPluginDescriptions>() is { } descriptions
            ? new ExplainHandler(descriptions, new ExplainPages(services.GetService<IPluginDeployments>(), services.GetService<IFeatureDetection>(), users), options, requests.MaxBodyBytes)
            : null;
}
