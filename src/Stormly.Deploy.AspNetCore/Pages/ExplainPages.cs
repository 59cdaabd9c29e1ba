using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Draws pages: what is described, how it fares, and what is found for this visitor.</summary>
/// <param name="deployments">Says how plugins fare; null where an application deploys by other means.</param>
/// <param name="detection">Finds values of features; null where nobody does.</param>
/// <param name="users">Says who the visitor is.</param>
internal sealed class ExplainPages(IPluginDeployments? deployments, IFeatureDetection? detection, EndUserReader users)
{
    private const int LongestName = 100;

    /// <summary>Answers a GET or HEAD with the page: status, headers and body, but for <c>Vary</c>, which is set already.</summary>
    /// <param name="context">The request; a browser asks for the plugin's own address.</param>
    /// <param name="description">The plugin, which is there.</param>
    /// <returns>A task that completes with the answer.</returns>
    public async Task WriteAsync(HttpContext context, PluginDescription description)
    {
        var name = description.Plugin.Value;
        var about = new PluginCallContext { TraceId = ProblemDocument.TraceId(context), EndUser = users.Read(context) };
        ImmutableArray<DetectedFeature> detected = detection is null ? [] : await detection.DetectAsync(name, about, context.RequestAborted).ConfigureAwait(false);
        var view = ExplainViewBuilder.Build(description, HealthView.Of(deployments?.Get(name)), detected, PageAddress.Of(context.Request, name), context.Request.Query["tab"]);
        users.AskForHints(context.Response);
        await PageWriter.WriteAsync(context, StatusCodes.Status200OK, ExplainPage.Of(view)).ConfigureAwait(false);
    }

    /// <summary>Answers a GET or HEAD with a page that says that there is no such plugin.</summary>
    /// <param name="context">The request; a browser asks for the plugin's own address.</param>
    /// <param name="plugin">The name that was asked for: text of a stranger.</param>
    /// <returns>A task that completes with the answer.</returns>
    public static Task WriteMissingAsync(HttpContext context, string plugin)
    {
        var name = plugin.Length > LongestName ? string.Concat(plugin.AsSpan(0, LongestName), "…") : plugin;
        return PageWriter.WriteAsync(context, StatusCodes.Status404NotFound, MissingPage.Of(name, PageAddress.Of(context.Request, plugin).Assets));
    }
}
