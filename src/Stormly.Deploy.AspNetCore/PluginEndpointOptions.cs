namespace Stormly.Deploy.AspNetCore;

/// <summary>How the request endpoints treat their callers. The limit of a body's size is that of <see cref="Requests.RequestOptions.MaxBodyBytes"/>.</summary>
public sealed class PluginEndpointOptions
{
    /// <summary>
    /// How long a caller may take to send a body, beside the least rate that the server itself asks for. Default 30 s, as for a whole request; 10 ms to 1 h.
    /// </summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The request header that names the caller while a canary is tried out (<see cref="PluginCallContext.CanaryKey"/>). Default <c>Stormly-Canary-Key</c>; null or
    /// empty reads none. Callers choose what they send, so it is no proof of who they are.
    /// </summary>
    public string? CanaryKeyHeader { get; set; } = "Stormly-Canary-Key";

    /// <summary>The cookie that names the caller where the header does not. Default none; an application that knows its users sets the name of its own.</summary>
    public string? CanaryKeyCookie { get; set; }

    /// <summary>Whose word counts about the end user for whom a request is made.</summary>
    public EndUserOptions EndUser { get; } = new();

    /// <summary>Who may read what plugins say of themselves: a GET of their addresses and the documents below them. Default <see cref="ExplainAccess.AsGroup"/>.</summary>
    public ExplainAccess Explain { get; set; } = ExplainAccess.AsGroup;

    /// <summary>
    /// The authorization policy that readers of pages and documents must satisfy as well. Default none. Not with <see cref="ExplainAccess.Anyone"/>; the
    /// application adds the policy and <c>UseAuthorization</c>.
    /// </summary>
    public string? ExplainPolicy { get; set; }

    /// <summary>The names of plugins that say nothing of themselves: their addresses take requests alone. Default none.</summary>
    public ISet<string> UnexplainedPlugins { get; } = new HashSet<string>(StringComparer.Ordinal);
}
