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

    public static void Map(RouteGroupBuilder group, string plugin, ExplainHandler handler)
    {
        group.MapMethods(plugin, Verbs, (RequestDelegate)handler.NegotiateAsync).WithDisplayName("Plugin explained");
        group.MapMethods(PageAssets.Pattern, Verbs, (RequestDelegate)PageAssets.HandleAsync).WithDisplayName("Assets of plugin pages");
        MapDocument(group, $"{plugin}/{PluginDocuments.ExplanationName}", handler.Serve(ExplainDocument.Explanation));
        MapDocument(group, $"{plugin}/{PluginDocuments.RequestSchemaName}", handler.Serve(ExplainDocument.RequestSchema));
    }

    private static void MapDocument(RouteGroupBuilder group, string place, RequestDelegate serve)
    {
        var name = place[(place.LastIndexOf('/') + 1)..];
        group.MapMethods(place, Verbs, serve).WithDisplayName($"Plugin {name}");
        group.Map(place, PluginRequestHandler.RefuseMethod(Methods, WebProblem.DocumentMethod)).WithDisplayName($"Plugin {name}, other methods");
    }
}
