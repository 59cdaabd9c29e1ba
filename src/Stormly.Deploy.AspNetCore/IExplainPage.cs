using Microsoft.AspNetCore.Http;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Draws the explain page of a plugin for browsers.</summary>
internal interface IExplainPage
{
    /// <summary>Answers a GET or HEAD with the page: status, headers and body, but for <c>Vary</c>, which is set already.</summary>
    /// <param name="context">The request; a browser asks for the plugin's own address.</param>
    /// <param name="description">The plugin, which is there.</param>
    /// <returns>A task that completes with the answer.</returns>
    Task WriteAsync(HttpContext context, PluginDescription description);

    /// <summary>Answers a GET or HEAD with a page that says that there is no such plugin.</summary>
    /// <param name="context">The request; a browser asks for the plugin's own address.</param>
    /// <param name="plugin">The name that was asked for: text of a stranger.</param>
    /// <returns>A task that completes with the answer.</returns>
    Task WriteMissingAsync(HttpContext context, string plugin);
}
