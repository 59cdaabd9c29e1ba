using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>
/// Styles, scripts and pictures of pages: embedded in this assembly and served below an address that changes with their content, so browsers keep them for ever.
/// Scripts import each other by relative names, so one version stands for all files.
/// </summary>
internal static class PageAssets
{
    /// <summary>The folder beside the plugins; no plugin's name begins so.</summary>
    public const string Folder = "_a";

    /// <summary>The route of all of them.</summary>
    public const string Pattern = $"/{Folder}/{{{VersionRouteValue}}}/{{{FileRouteValue}}}";

    private const string VersionRouteValue = "version";
    private const string FileRouteValue = "file";

    private static readonly FrozenDictionary<string, byte[]> Files = Load();
    private static readonly ConcurrentDictionary<string, byte[]> Zipped = new(StringComparer.Ordinal);

    /// <summary>A digest of all files.</summary>
    public static string Version { get; } = Digest();

    /// <summary>Answers a request for a file.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes with the answer.</returns>
    public static Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        if (context.Request.RouteValues[VersionRouteValue] as string != Version
            || context.Request.RouteValues[FileRouteValue] is not string name
            || !Files.TryGetValue(name, out var bytes))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        response.ContentType = Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (AcceptsGzip(context.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            bytes = Zipped.GetOrAdd(name, static (_, plain) => Zip(plain), bytes);
        }

        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static bool AcceptsGzip(HttpRequest request)
        => StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings)
            && encodings.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality != 0);

    private static byte[] Zip(byte[] plain)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return zipped.ToArray();
    }

    private static FrozenDictionary<string, byte[]> Load()
    {
        const string Prefix = "pages/";
        var assembly = typeof(PageAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(n => n[Prefix.Length..], n => Read(assembly.GetManifestResourceStream(n)!), StringComparer.Ordinal);
    }

    private static byte[] Read(Stream stream)
    {
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    private static string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in Files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
