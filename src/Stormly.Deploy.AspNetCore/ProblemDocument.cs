using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Writes problem documents (RFC 9457).</summary>
internal static class ProblemDocument
{
    private const string ContentType = "application/problem+json";
    private const int LongestName = 100;

    /// <summary>The name of a request in log events and problem documents.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The trace's id, or the server's own.</returns>
    public static string TraceId(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;

    /// <summary>Answers with what is wrong with the request itself.</summary>
    /// <param name="context">The request.</param>
    /// <param name="plugin">The plugin's name as the caller gave it.</param>
    /// <param name="problem">The problem.</param>
    /// <returns>A task that completes when it is written.</returns>
    public static Task WriteAsync(HttpContext context, string plugin, WebProblem problem)
    {
        if (problem.EndsConnection && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return SendAsync(context, problem.StatusCode, json => WriteHead(
            json, context, plugin, PluginOutcomeExtensions.ProblemTypePrefix + problem.Slug, problem.Title, problem.StatusCode, problem.Detail));
    }

    /// <summary>Answers with what came of asking the plugin.</summary>
    /// <param name="context">The request.</param>
    /// <param name="plugin">The plugin's name as the caller gave it.</param>
    /// <param name="response">A response that is no answer.</param>
    /// <returns>A task that completes when it is written.</returns>
    public static Task WriteAsync(HttpContext context, string plugin, PluginResponse response)
    {
        if (response.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        }

        var status = response.Outcome.ToStatusCode();
        return SendAsync(context, status, json =>
        {
            var problem = response.Problem!;
            WriteHead(json, context, plugin, problem.Type, problem.Title, status, problem.Detail);
            if (problem.Reason is not null)
            {
                json.WriteString("reason"u8, problem.Reason);
            }

            if (response.PluginStatusCode is { } code)
            {
                json.WriteNumber("pluginStatus"u8, code);
            }

            if (!problem.Problems.IsEmpty)
            {
                json.WriteStartArray("problems"u8);
                foreach (var one in problem.Problems)
                {
                    Write(json, one);
                }

                json.WriteEndArray();
            }
        });
    }

    private static async Task SendAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = text.WrittenCount;
        // A plugin that is not there now may be in a moment.
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(text.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private static void WriteHead(Utf8JsonWriter json, HttpContext context, string plugin, string type, string title, int status, string detail)
    {
        json.WriteString("type"u8, type);
        json.WriteString("title"u8, title);
        json.WriteNumber("status"u8, status);
        json.WriteString("detail"u8, detail);
        json.WriteString("plugin"u8, plugin.Length > LongestName ? plugin[..LongestName] : plugin);
        json.WriteString("traceId"u8, TraceId(context));
    }

    private static void Write(Utf8JsonWriter json, RequestProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("pointer"u8, problem.Pointer);
        WriteIfThere(json, "input", problem.Input);
        json.WriteString("rule"u8, problem.Rule);
        json.WriteString("remedy"u8, problem.Remedy);
        WriteIfThere(json, "value", problem.Value);
        WriteIfThere(json, "explanation", problem.Explanation);
        json.WriteEndObject();
    }

    private static void WriteIfThere(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
