using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;

namespace Stormly.Deploy.Docker.Engine;

/// <summary>Turns what went wrong with the engine into what was tried, what was seen and what to do.</summary>
internal static class EngineTrouble
{
    /// <summary>Whether an error means that the engine itself could not be reached or did not answer.</summary>
    public static bool IsOfEngine(Exception error) => error is HttpRequestException or SocketException or IOException or TimeoutException
        || (error is AggregateException several && several.Flatten().InnerExceptions.All(IsOfEngine))
        || (error is DockerApiException { StatusCode: var code } && (int)code is 502 or 503 or 504);

    /// <summary>Describes an engine that cannot be reached.</summary>
    /// <param name="tried">Where it was looked for.</param>
    /// <param name="error">What was seen.</param>
    /// <returns>The words.</returns>
    public static string Unreachable(IReadOnlyList<Uri> tried, Exception error)
    {
        var places = string.Join(", ", tried.Select(Display));
        return FindSocketError(error) switch
        {
            SocketError.AccessDenied =>
                $"The Docker engine at {places} refuses this user ({Environment.UserName}): permission denied. "
                + "Add the user to the group that owns the socket (mostly 'docker') and sign in again, or run a rootless engine as this user and set `Docker:Endpoint`.",
            SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.HostNotFound =>
                $"The Docker engine cannot be reached. Tried: {places} ({Inner(error)}). Install and start it (on Debian: apt-get install docker.io), or say where it listens with `Docker:Endpoint` or DOCKER_HOST.",
            _ => $"The Docker engine does not answer as it should. Tried: {places} ({Inner(error)}). Is it running? See its log (journalctl -u docker), or say where it listens with `Docker:Endpoint` or DOCKER_HOST.",
        };
    }

    /// <summary>Describes sockets that are not there.</summary>
    /// <param name="tried">Where it was looked for.</param>
    /// <returns>The words.</returns>
    public static string NotThere(IReadOnlyList<Uri> tried)
        => $"The Docker engine cannot be reached. Tried: {string.Join(", ", tried.Select(t => Display(t) + " (no such file)"))}. "
            + "Install and start it (on Debian: apt-get install docker.io), or say where it listens with `Docker:Endpoint` or DOCKER_HOST.";

    /// <summary>Describes an engine that keeps silent.</summary>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="what">What it was asked.</param>
    /// <param name="limit">How long was waited.</param>
    /// <returns>The words.</returns>
    public static string Silent(Uri endpoint, string what, TimeSpan limit)
        => string.Create(CultureInfo.InvariantCulture, $"The Docker engine at {Display(endpoint)} did not answer within {limit.TotalSeconds:0.#} s when it was asked to {what}. ")
            + "Instances that run go on. Is the machine short of processor time, memory or disk? `Docker:CallTimeout` sets the limit.";

    /// <summary>The engine's own words, without the wrapping of the client.</summary>
    /// <param name="error">The error.</param>
    /// <returns>One line.</returns>
    public static string Words(DockerApiException error)
    {
        var text = error.ResponseBody ?? error.Message;
        return Model.PrintableText.Escape((ReadMessage(text) ?? text).Trim(), maxLength: 1000);
    }

    private static string? ReadMessage(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Display(Uri endpoint) => endpoint.Scheme == "unix" ? "unix://" + endpoint.LocalPath : endpoint.ToString();

    private static string Inner(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return Model.PrintableText.Escape(error.Message, maxLength: 300);
    }

    private static SocketError? FindSocketError(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }
}
