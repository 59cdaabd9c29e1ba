using System.Collections.Immutable;
using System.Net;

namespace Stormly.Deploy.Features;

/// <summary>
/// What is known of the person for whom a request is made: what features are detected from. All of it is what strangers say of themselves, but for the
/// address, which a front takes from the connection or from a proxy that it trusts.
/// </summary>
public sealed record EndUser
{
    /// <summary>The network address; null where it is unknown.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The header <c>User-Agent</c>. Its first 2,048 characters are read.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The headers <c>Sec-CH-UA…</c> by their names in lower case.</summary>
    public ImmutableDictionary<string, string> ClientHints { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The header <c>Accept-Language</c>.</summary>
    public string? AcceptLanguage { get; init; }

    /// <summary>The address of the page that led here, as the header <c>Referer</c> says.</summary>
    public string? Referrer { get; init; }

    /// <summary>The address of the page that the end user is on, with its query: UTM parameters stand there.</summary>
    public string? PageUrl { get; init; }
}
