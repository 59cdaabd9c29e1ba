using Microsoft.AspNetCore.Http;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>
/// Where a page is. Every link on it is relative, so that it works below any path base, and behind proxies that cut one off; only the address that is shown is
/// absolute, and the page's script takes that one from the browser.
/// </summary>
/// <param name="Absolute">The plugin's address, in ASCII.</param>
/// <param name="Plugin">The plugin's address, relative to the page.</param>
/// <param name="Assets">The folder of the assets, relative to the page.</param>
internal sealed record PageAddress(string Absolute, string Plugin, string Assets)
{
    /// <summary>Reads it from a request for a plugin's page.</summary>
    /// <param name="request">The request; its path ends with the plugin's name, with or without a slash.</param>
    /// <param name="plugin">The plugin's name.</param>
    /// <returns>The address.</returns>
    public static PageAddress Of(HttpRequest request, string plugin)
    {
        var path = request.Path.Value ?? "";
        var up = path.EndsWith('/') ? "../" : "";
        var absolute = $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}{new PathString(path.TrimEnd('/')).ToUriComponent()}";
        return new PageAddress(absolute, up + Uri.EscapeDataString(plugin), $"{up}{PageAssets.Folder}/{PageAssets.Version}");
    }
}
