using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.AspNetCore;

/// <summary>
/// Says for whom a request is made. The address is that of the connection; another one counts only from a proxy or a caller that the options name, or with a key.
/// The rest is what the end user's browser says of itself.
/// </summary>
internal sealed class EndUserReader(EndUserOptions options)
{
    public const string KeyHeader = "Stormly-End-User-Key";

    private const string Prefix = "Stormly-End-User-";
    private const int Longest = 8192;

    private static readonly string[] Spoken = ["Address", "Agent", "Language", "Referrer", "Page"];

    private readonly AddressNetworks _proxies = new(options.TrustedProxies);
    private readonly AddressNetworks _callers = new(options.TrustedCallers);
    private readonly CallerKeys _keys = new(options.CallerKeys);
    private readonly bool _isForwarded = string.Equals(options.AddressHeader, "Forwarded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its body, for <c>context</c>; empty where there is none.</param>
    /// <returns>What is known.</returns>
    public EndUser Read(HttpContext context, ReadOnlyMemory<byte> body = default)
    {
        var headers = context.Request.Headers;
        var peer = AddressText.Plain(context.Connection.RemoteIpAddress);
        var caller = ForwardedAddress.Find(peer, headers[options.AddressHeader], _isForwarded, _proxies);
        var said = EndUserContext.Read(body.Span, out var saysWho);
        if ((_callers.Contains(caller) || _keys.Contains(One(headers, KeyHeader))) && (saysWho || Spoken.Any(name => One(headers, Prefix + name) is not null)))
        {
            return OnBehalf(headers, said);
        }

        // A page's script knows its own address and where its visitor came from; the header tells a POST only the page.
        var referer = One(headers, "Referer");
        return new EndUser
        {
            Address = caller,
            UserAgent = One(headers, "User-Agent"),
            ClientHints = ClientHintHeaders.Read(headers),
            AcceptLanguage = One(headers, "Accept-Language"),
            Referrer = said?.Referrer ?? referer,
            PageUrl = said?.PageUrl ?? (HttpMethods.IsPost(context.Request.Method) ? referer : context.Request.GetEncodedUrl()),
        };
    }

    /// <summary>Asks a browser for the client hints that it does not send by itself.</summary>
    /// <param name="response">The answer to it.</param>
    public void AskForHints(HttpResponse response)
    {
        if (options.AskForClientHints)
        {
            response.Headers["Accept-CH"] = ClientHintHeaders.Asked;
        }
    }

    /// <summary>
    /// What a trusted caller says of its end user: nothing of the request itself counts then, for that is the caller's own. One that says nothing of who that is, in headers or
    /// <c>context</c>, is its own end user: so is a browser on its network, where the script of a page says which page it is.
    /// </summary>
    private static EndUser OnBehalf(IHeaderDictionary headers, EndUser? said)
    {
        var address = One(headers, Prefix + "Address");
        return new EndUser
        {
            Address = address is null ? said?.Address : AddressText.Read(address),
            UserAgent = One(headers, Prefix + "Agent") ?? said?.UserAgent,
            ClientHints = said?.ClientHints ?? new EndUser().ClientHints,
            AcceptLanguage = One(headers, Prefix + "Language") ?? said?.AcceptLanguage,
            Referrer = One(headers, Prefix + "Referrer") ?? said?.Referrer,
            PageUrl = One(headers, Prefix + "Page") ?? said?.PageUrl,
        };
    }

    /// <summary>A header that stands there once; more than one is nobody's clear word.</summary>
    private static string? One(IHeaderDictionary headers, string name) => headers.TryGetValue(name, out var values) && values is [{ Length: > 0 and <= Longest } value] ? value : null;
}
