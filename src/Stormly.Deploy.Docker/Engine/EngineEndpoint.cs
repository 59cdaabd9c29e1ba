namespace Stormly.Deploy.Docker.Engine;

/// <summary>Where the engine may listen: what was said, else the usual places.</summary>
internal static class EngineEndpoint
{
    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The endpoint, or null where the text is none that the client can use.</returns>
    public static Uri? Parse(string? text)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "unix" or "npipe" or "tcp" or "http" or "https" ? uri : null;

    /// <summary>Lists where to look, best first.</summary>
    /// <param name="configured">The option; null where nothing was said.</param>
    /// <param name="environment">Reads a variable of the host application's environment.</param>
    /// <returns>The endpoints; one where it was said which.</returns>
    /// <exception cref="FormatException"><c>DOCKER_HOST</c> is no endpoint that can be used.</exception>
    public static IReadOnlyList<Uri> Candidates(string? configured, Func<string, string?> environment)
    {
        if (configured is not null)
        {
            return [Parse(configured)!];
        }

        if (environment("DOCKER_HOST") is { Length: > 0 } host)
        {
            return Parse(host) is { } said ? [said]
                : throw new FormatException($"The environment's DOCKER_HOST '{host}' is no address that can be used: it must be unix:///path, npipe://./pipe/name or tcp://host:port. Set it so, or set `Docker:Endpoint`.");
        }

        if (OperatingSystem.IsWindows())
        {
            return [new Uri("npipe://./pipe/docker_engine")];
        }

        List<string> sockets = ["/var/run/docker.sock"];
        if (environment("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
        {
            sockets.Add(Path.Combine(runtime, "docker.sock"));
        }

        if (environment("HOME") is { Length: > 0 } home)
        {
            sockets.Add(Path.Combine(home, ".docker/run/docker.sock"));
        }

        return [.. sockets.Select(s => new Uri("unix://" + s))];
    }

    /// <summary>Whether the engine runs on this machine, as far as its address tells.</summary>
    /// <param name="endpoint">The address.</param>
    /// <returns>True for a socket or a pipe.</returns>
    public static bool IsLocal(Uri endpoint) => endpoint.Scheme is "unix" or "npipe";
}
