using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Stormly.Deploy.AspNetCore;

/// <summary>
/// Between a caller's request and a plugin: nothing of the request but its body goes in, nothing of the plugin but a good body comes out.
/// </summary>
internal sealed class PluginRequestHandler(IPluginClient client, CallerBodyReader reader, PluginEndpointOptions options, EndUserReader endUsers)
{
    public const string PluginRouteValue = "plugin";

    /// <summary>Answers a POST.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes with the answer.</returns>
    public async Task HandleAsync(HttpContext context)
    {
        var plugin = PluginOf(context);
        if (!JsonMediaType.IsAnnounced(context.Request))
        {
            await ProblemDocument.WriteAsync(context, plugin, WebProblem.MediaType).ConfigureAwait(false);
            return;
        }

        var (read, problem) = await reader.ReadAsync(context).ConfigureAwait(false);
        using var body = read;
        if (body is null)
        {
            await (problem is null ? EndAsync(context) : ProblemDocument.WriteAsync(context, plugin, problem)).ConfigureAwait(false);
            return;
        }

        endUsers.AskForHints(context.Response);
        var about = new PluginCallContext
        {
            TraceId = ProblemDocument.TraceId(context),
            CanaryKey = KeyOf(context.Request),
            FindEndUser = () => endUsers.Read(context, body.Bytes),
        };
        using var response = await client.SendAsync(plugin, body.Bytes, about, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, plugin, response).ConfigureAwait(false);
    }

    /// <summary>Answers every other method.</summary>
    /// <param name="allowed">The methods that there are.</param>
    /// <param name="problem">What to say.</param>
    /// <returns>The handler.</returns>
    public static RequestDelegate RefuseMethod(string allowed, WebProblem problem) => context =>
    {
        context.Response.Headers.Allow = allowed;
        return ProblemDocument.WriteAsync(context, PluginOf(context), problem);
    };

    /// <summary>Answers a request for something below a plugin.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes with the answer.</returns>
    public static Task RefusePlaceAsync(HttpContext context) => ProblemDocument.WriteAsync(context, PluginOf(context), WebProblem.NoSuchPlace);

    /// <summary>What names the caller: the header where it is there once, else the cookie.</summary>
    private string? KeyOf(HttpRequest request)
    {
        if (!string.IsNullOrEmpty(options.CanaryKeyHeader) && request.Headers.TryGetValue(options.CanaryKeyHeader, out var values) && values is [{ Length: > 0 } key])
        {
            return key;
        }

        return string.IsNullOrEmpty(options.CanaryKeyCookie) ? null : request.Cookies[options.CanaryKeyCookie];
    }

    private static string PluginOf(HttpContext context) => context.GetRouteValue(PluginRouteValue) as string ?? "";

    private static Task AnswerAsync(HttpContext context, string plugin, PluginResponse response) => response.Outcome switch
    {
        PluginOutcome.Ok => PassOnAsync(context, response.Body),
        PluginOutcome.Cancelled => EndAsync(context),
        _ => ProblemDocument.WriteAsync(context, plugin, response),
    };

    private static async Task PassOnAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private static Task EndAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
