using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stormly.Deploy.AspNetCore.Pages;
using Stormly.Deploy.Documents;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Maps what tells callers of a plugin: its page and its documents, for GET and HEAD.</summary>
internal static class ExplainRoutes
{
    /// <summary>The methods that explain, as the header <c>Allow</c> names them.</summary>
    public const string Methods = "GET, HEAD";

    private static readonly string[] Verbs = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps everything of it.</summary>
    /// <param name="group">The group of all endpoints.</param>
    /// <param name="plugin">The pattern of a plugin's address in it.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="options">Who may read it.</param>
    public static void Map(RouteGroupBuilder group, string plugin, ExplainHandler handler, PluginEndpointOptions options)
    {
        var explain = group.MapGroup("").WithMetadata(new PluginEndpointMetadata(PluginEndpointKind.Explain));
        if (options.Explain == ExplainAccess.Anyone)
        {
            explain.AllowAnonymous();
        }
        else if (!string.IsNullOrEmpty(options.ExplainPolicy))
        {
            explain.RequireAuthorization(options.ExplainPolicy);
        }

        explain.MapMethods(plugin, Verbs, (RequestDelegate)handler.NegotiateAsync).WithDisplayName("Plugin explained");
        explain.MapMethods(PageAssets.Pattern, Verbs, (RequestDelegate)PageAssets.HandleAsync).WithDisplayName("Assets of plugin pages");
        MapDocument(explain, $"{plugin}/{PluginDocuments.ExplanationName}", handler.Serve(ExplainDocument.Explanation));
        MapDocument(explain, $"{plugin}/{PluginDocuments.OpenApiName}", handler.Serve(ExplainDocument.OpenApi));
        MapDocument(explain, $"{plugin}/{PluginDocuments.RequestSchemaName}", handler.Serve(ExplainDocument.RequestSchema));
    }

    private static void MapDocument(RouteGroupBuilder group, string place, RequestDelegate serve)
    {
        var name = place[(place.LastIndexOf('/') + 1)..];
        group.MapMethods(place, Verbs, serve).WithDisplayName($"Plugin {name}");
        group.Map(place, PluginRequestHandler.RefuseMethod(Methods, WebProblem.DocumentMethod)).WithDisplayName($"Plugin {name}, other methods");
    }
}
