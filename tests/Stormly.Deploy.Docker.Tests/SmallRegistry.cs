using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>A registry that holds one image: what an engine asks for when it fetches one (distribution specification, "pull").</summary>
internal sealed class SmallRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly Dictionary<string, (string Type, byte[] Content)> _contents = new(StringComparer.Ordinal);
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private int _manifests;
    private string? _expected;
    private string? _identityToken;

    private SmallRegistry(int port)
    {
        Address = $"127.0.0.1:{port}";
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>What was refused: requests that named nobody or the wrong one.</summary>
    public int Refused { get; private set; }

    /// <summary>How often a manifest was asked for by its tag.</summary>
    public int Manifests => Volatile.Read(ref _manifests);

    /// <summary>Serves a copy of the tiny image, with a layer of its own so that there is something to fetch.</summary>
    public static async Task<SmallRegistry> StartAsync(string name)
    {
        var registry = new SmallRegistry(FreePort());
        await using var saved = await TestEngine.Client.Images.SaveImageAsync(TestEngine.Tiny, TestEngine.Token);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var tar = new TarReader(saved);
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                using var content = new MemoryStream();
                await data.CopyToAsync(content, TestEngine.Token);
                files[entry.Name] = content.ToArray();
            }
        }

        var listing = JsonDocument.Parse(files["manifest.json"]).RootElement[0];
        var config = files[listing.GetProperty("Config").GetString()!];
        var layer = Compress(files[listing.GetProperty("Layers")[0].GetString()!]);
        var manifest = $$"""
            {"schemaVersion":2,"mediaType":"{{ManifestType}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{config.Length}},"digest":"{{Digest(config)}}"},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{layer.Length}},"digest":"{{Digest(layer)}}"}]}
            """;
        registry.Add($"/v2/{name}/blobs/{Digest(config)}", "application/octet-stream", config);
        registry.Add($"/v2/{name}/blobs/{Digest(layer)}", "application/octet-stream", layer);
        registry.Add($"/v2/{name}/manifests/latest", ManifestType, Encoding.UTF8.GetBytes(manifest));
        registry.Add($"/v2/{name}/manifests/{Digest(Encoding.UTF8.GetBytes(manifest))}", ManifestType, Encoding.UTF8.GetBytes(manifest));
        registry.Add("/v2/", "application/json", "{}"u8.ToArray());
        return registry;
    }

    /// <summary>From now on it answers only those who sign in with this name and password.</summary>
    public void Ask(string user, string password) => _expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>From now on it answers only those who fetched an access token with this identity token.</summary>
    public void Ask(string identityToken) => (_identityToken, _expected) = (identityToken, "Bearer small-access");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] Compress(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return result.ToArray();
    }

    private void Add(string path, string type, byte[] content) => _contents[path] = (type, content);

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                Answer(context.Request, context.Response);
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // It ends, or a client went away.
            }
        }
    }

    private void Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        var path = request.Url!.AbsolutePath;
        if (path == "/token")
        {
            using var reader = new StreamReader(request.InputStream);
            Send(request, response, reader.ReadToEnd().Contains($"refresh_token={_identityToken}", StringComparison.Ordinal) ? 200 : 401, "application/json", """{"access_token":"small-access"}"""u8);
            return;
        }

        if (_expected is not null && request.Headers["Authorization"] != _expected)
        {
            Refused++;
            response.Headers["WWW-Authenticate"] = _identityToken is null ? "Basic realm=\"small\"" : $"Bearer realm=\"http://{Address}/token\",service=\"small\"";
            Send(request, response, 401, "application/json", """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"""u8);
            return;
        }

        Interlocked.Add(ref _manifests, path.EndsWith("/manifests/latest", StringComparison.Ordinal) ? 1 : 0);
        var (type, content) = _contents.GetValueOrDefault(path, ("application/json", """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"""u8.ToArray()));
        response.Headers["Docker-Content-Digest"] = Digest(content);
        Send(request, response, _contents.ContainsKey(path) ? 200 : 404, type, content);
    }

    private static void Send(HttpListenerRequest request, HttpListenerResponse response, int code, string type, ReadOnlySpan<byte> content)
    {
        response.StatusCode = code;
        response.ContentType = type;
        response.ContentLength64 = content.Length;
        if (request.HttpMethod != "HEAD")
        {
            response.OutputStream.Write(content);
        }

        response.Close();
    }
}
