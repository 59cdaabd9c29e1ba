using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Writes pages. The policy lets a browser run and show nothing but what this package serves, so that a plugin's text stays text even if escaping failed.</summary>
internal static class PageWriter
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    /// <summary>Answers with a page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The answer's code.</param>
    /// <param name="page">The page.</param>
    /// <returns>A task that completes when it is written.</returns>
    public static async Task WriteAsync(HttpContext context, int status, RenderFragment page)
    {
        var bytes = Encoding.UTF8.GetBytes(await RenderAsync(context.RequestServices, page).ConfigureAwait(false));
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        // It holds what was found for this visitor, and how the endpoint fares now.
        response.Headers.CacheControl = "private, no-cache";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task<string> RenderAsync(IServiceProvider services, RenderFragment page)
    {
        var renderer = new HtmlRenderer(services, services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
        await using (renderer.ConfigureAwait(false))
        {
            return await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Document.Body)] = page });
                var root = await renderer.RenderComponentAsync<Document>(parameters).ConfigureAwait(true);
                using var text = new StringWriter();
                text.Write("<!DOCTYPE html>\n");
                root.WriteHtmlTo(text);
                return text.ToString();
            }).ConfigureAwait(false);
        }
    }
}
