namespace Stormly.Deploy.AspNetCore;

/// <summary>
/// Whose word counts about the end user. By default nobody's: the address is that of the connection, and headers that claim another one are ignored.
/// Networks are written as an address (<c>10.1.2.3</c>, <c>2001:db8::1</c>) or with a prefix (<c>10.0.0.0/8</c>, <c>2001:db8::/32</c>).
/// </summary>
public sealed class EndUserOptions
{
    /// <summary>
    /// The reverse proxies in front of the application, each of which writes <see cref="AddressHeader"/> itself. The address is then the right-most one in that
    /// header that is no proxy. Default: none. Leave it empty where the application uses the forwarded headers middleware of ASP.NET Core.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>
    /// The one header in which the proxies say where a request came from. Default <c>X-Forwarded-For</c>. <c>Forwarded</c> is read as RFC 7239 says, any other name as a
    /// list of addresses. Only one is read, because a proxy passes on what it does not know, and so the other one is the end user's own word.
    /// </summary>
    public string AddressHeader { get; set; } = "X-Forwarded-For";

    /// <summary>
    /// Servers that call plugins for their own end users and say who those are, in headers (<c>Stormly-End-User-Address</c>, <c>-Agent</c>, <c>-Language</c>,
    /// <c>-Referrer</c>, <c>-Page</c>) or in <c>context</c> of the body. Judged by the address that remains after the proxies. Default: none.
    /// </summary>
    public IList<string> TrustedCallers { get; } = [];

    /// <summary>
    /// Keys that make any caller one of <see cref="TrustedCallers"/> when it sends one of them in <c>Stormly-End-User-Key</c>; several, so that one can replace
    /// another. Each from 16 to 512 characters of visible ASCII. Default: none. They are compared in constant time and never logged.
    /// </summary>
    public IList<string> CallerKeys { get; } = [];

    /// <summary>Whether browsers are asked for client hints (<c>Accept-CH</c>): the version of the system, the model and the kind of device. Default true.</summary>
    public bool AskForClientHints { get; set; } = true;
}
