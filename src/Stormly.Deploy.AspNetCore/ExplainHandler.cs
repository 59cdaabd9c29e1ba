using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Stormly.Deploy.AspNetCore.Pages;
using Stormly.Deploy.Documents;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Tells callers what a plugin expects and answers: as a page for browsers, as documents for programs.</summary>
/// <param name="descriptions">Where all of it comes from.</param>
/// <param name="pages">Draws the page.</param>
/// <param name="options">The settings.</param>
/// <param name="maxBodyBytes">The greatest body of a request.</param>
internal sealed class ExplainHandler(IPluginDescriptions descriptions, ExplainPages pages, PluginEndpointOptions options, int maxBodyBytes)
{
    private const string Html = "text/html";

    private static readonly string[] Refusals = ["application/problem+json", Html];

    // Whoever takes anything is no browser: a terminal or an agent, which Markdown is for.
    private static readonly string[] Offered = [ExplainDocument.Markdown.MediaType, ExplainDocument.Explanation.MediaType, Html];

    private readonly MadeDocuments _documents = new();

    /// <summary>Answers a GET of the plugin's own address with what the caller likes best.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes with the answer.</returns>
    public Task NegotiateAsync(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (Find(context) is not { } description)
        {
            return MediaRanges.Choose(context.Request.Headers.Accept, Refusals) == 1 ? ExplainPages.WriteMissingAsync(context, NameOf(context)) : RefuseUnknownAsync(context);
        }

        return MediaRanges.Choose(context.Request.Headers.Accept, Offered) switch
        {
            < 0 => ProblemDocument.WriteAsync(context, description.Plugin.Value, WebProblem.NotAcceptable(Offered)),
            0 => SendAsync(context, description, ExplainDocument.Markdown, AddressOf(context.Request)),
            1 => SendAsync(context, description, ExplainDocument.Explanation, AddressOf(context.Request)),
            _ => pages.WriteAsync(context, description),
        };
    }

    /// <summary>Answers a GET of one document below a plugin's address.</summary>
    /// <param name="document">The document.</param>
    /// <returns>The handler.</returns>
    public RequestDelegate Serve(ExplainDocument document) => context => Find(context) is { } description
        ? SendAsync(context, description, document, AddressOf(context.Request, below: true))
        : RefuseUnknownAsync(context);

    private static string NameOf(HttpContext context) => context.GetRouteValue(PluginRequestHandler.PluginRouteValue) as string ?? "";

    private Task RefuseUnknownAsync(HttpContext context) => ProblemDocument.WriteAsync(
        context, NameOf(context), options.UnexplainedPlugins.Contains(NameOf(context)) ? WebProblem.NotExplained : WebProblem.NoSuchPlugin(NameOf(context)));

    private async Task SendAsync(HttpContext context, PluginDescription description, ExplainDocument document, PluginAddress address)
    {
        var made = _documents.Get(document, description, address);
        var response = context.Response;
        response.Headers.ETag = made.Tag.ToString();
        response.Headers.CacheControl = "no-cache";
        if (IsKnown(context.Request.GetTypedHeaders(), made.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = document.ContentType;
        response.ContentLength = made.Text.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(made.Text, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static bool IsKnown(RequestHeaders request, EntityTagHeaderValue tag)
        => request.IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));

    private PluginDescription? Find(HttpContext context) => options.UnexplainedPlugins.Contains(NameOf(context)) ? null : descriptions.Get(NameOf(context));

    /// <summary>The address as the caller wrote it, so that documents are right behind whatever prefix the application is reached by.</summary>
    private PluginAddress AddressOf(HttpRequest request, bool below = false)
    {
        var path = request.Path.ToUriComponent().TrimEnd('/');
        return new PluginAddress
        {
            PathBase = request.PathBase.ToUriComponent(),
            Path = below ? path[..path.LastIndexOf('/')] : path,
            CanaryKeyHeader = string.IsNullOrEmpty(options.CanaryKeyHeader) ? null : options.CanaryKeyHeader,
            MaxBodyBytes = maxBodyBytes,
        };
    }
}
