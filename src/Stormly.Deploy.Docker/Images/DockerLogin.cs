using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Images;

/// <summary>Reads what <c>docker login</c> left: <c>config.json</c> with its <c>auths</c>, <c>credHelpers</c> and <c>credsStore</c>.</summary>
/// <param name="environment">Reads a variable of the host application's environment.</param>
internal sealed class DockerLogin(Func<string, string?> environment)
{
    private const string TokenUser = "<token>";

    /// <summary>Finds the sign-in for a registry.</summary>
    /// <param name="server">The registry as the file names it.</param>
    /// <param name="registry">The registry as images name it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sign-in, or null, and where it is from or why there is none.</returns>
    public async Task<(AuthConfig? Auth, string Words)> FindAsync(string server, string registry, CancellationToken cancellationToken)
    {
        var path = FindFile();
        if (path is null || !File.Exists(path))
        {
            return (null, "docker login has left nothing for this user");
        }

        try
        {
            using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
            var root = file.RootElement;
            var helper = Text(root, "credHelpers", registry) ?? Text(root, "credHelpers", server) ?? Text(root, "credsStore");
            if (helper is not null && await CredentialHelper.AskAsync(helper, server, environment, cancellationToken).ConfigureAwait(false) is var (user, secret))
            {
                return (Make(server, user, secret), $"docker-credential-{helper}");
            }

            var entry = Find(root, "auths", server) ?? Find(root, "auths", registry) ?? Find(root, "auths", "https://" + registry);
            return entry is { } found && Read(server, found) is { } auth ? (auth, path) : (null, $"docker login has left nothing for it in '{path}'");
        }
        catch (Exception error) when (error is JsonException or FormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return (null, $"what docker login has left in '{path}' cannot be used: {PrintableText.Escape(error.Message, maxLength: 300)}");
        }
    }

    private string? FindFile()
        => environment("DOCKER_CONFIG") is { Length: > 0 } folder ? Path.Combine(folder, "config.json")
            : (environment("HOME") ?? environment("USERPROFILE")) is { Length: > 0 } home ? Path.Combine(home, ".docker", "config.json")
            : null;

    private static AuthConfig? Read(string server, JsonElement entry)
    {
        if (Text(entry, "identitytoken") is { Length: > 0 } token)
        {
            return Make(server, TokenUser, token);
        }

        if (Text(entry, "auth") is not { Length: > 0 } encoded)
        {
            return null;
        }

        var plain = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        return plain.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? Make(server, plain[..colon], plain[(colon + 1)..].TrimEnd('\0')) : null;
    }

    private static AuthConfig Make(string server, string user, string secret)
        => user == TokenUser ? new AuthConfig { ServerAddress = server, IdentityToken = secret } : new AuthConfig { ServerAddress = server, Username = user, Password = secret };

    private static JsonElement? Find(JsonElement root, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out root))
            {
                return null;
            }
        }

        return root;
    }

    private static string? Text(JsonElement root, params ReadOnlySpan<string> path) => Find(root, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
