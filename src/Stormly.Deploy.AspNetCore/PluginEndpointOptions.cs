namespace Stormly.Deploy.AspNetCore;

/// <summary>How the request endpoints treat their callers. The limit of a body's size is that of <see cref="Requests.RequestOptions.MaxBodyBytes"/>.</summary>
public sealed class PluginEndpointOptions
{
    /// <summary>
    /// How long a caller may take to send a body, beside the least rate that the server itself asks for. Default 30 s, as for a whole request; 10 ms to 1 h.
    /// </summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
