using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.AspNetCore;

/// <summary>
/// Reads <c>context</c> of a body: <c>address</c>, <c>userAgent</c>, <c>clientHints</c>, <c>acceptLanguage</c>, <c>referrer</c>, <c>pageUrl</c>. Whether the body is good JSON is not
/// judged here: from one that is not, nothing is read. What is no text is left out.
/// </summary>
internal static class EndUserContext
{
    private const int Longest = 8192;
    private const int DeepestBody = 1001;

    /// <summary>Reads it.</summary>
    /// <param name="body">The caller's body.</param>
    /// <param name="saysWho">Whether it says who the end user is, and not only where: which page, and where from.</param>
    /// <returns>What it says; null where there is no <c>context</c>.</returns>
    public static EndUser? Read(ReadOnlySpan<byte> body, out bool saysWho)
    {
        saysWho = false;
        // The name can be written with escapes as well; a body with neither has none.
        if (body.IndexOf("\"context\""u8) < 0 && body.IndexOf((byte)'\\') < 0)
        {
            return null;
        }

        try
        {
            var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = DeepestBody });
            return json.Read() && json.TokenType == JsonTokenType.StartObject ? Find(ref json, ref saysWho) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static EndUser? Find(ref Utf8JsonReader json, ref bool saysWho)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isContext = json.ValueTextEquals("context"u8);
            json.Read();
            if (isContext)
            {
                return json.TokenType == JsonTokenType.StartObject ? ReadMembers(ref json, ref saysWho) : null;
            }

            json.Skip();
        }

        return null;
    }

    private static EndUser ReadMembers(ref Utf8JsonReader json, ref bool saysWho)
    {
        var user = new EndUser();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            saysWho |= name is "address" or "userAgent" or "acceptLanguage" or "clientHints";
            json.Read();
            if (name == "clientHints" && json.TokenType == JsonTokenType.StartObject)
            {
                user = user with { ClientHints = ReadHints(ref json) };
            }
            else if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= Longest)
            {
                user = Set(user, name, json.GetString());
            }
            else
            {
                json.Skip();
            }
        }

        return user;
    }

    private static EndUser Set(EndUser user, string? name, string? value) => name switch
    {
        "address" => user with { Address = AddressText.Read(value) },
        "userAgent" => user with { UserAgent = value },
        "acceptLanguage" => user with { AcceptLanguage = value },
        "referrer" => user with { Referrer = value },
        "pageUrl" => user with { PageUrl = value },
        _ => user,
    };

    private static ImmutableDictionary<string, string> ReadHints(ref Utf8JsonReader json)
    {
        var hints = ImmutableDictionary.CreateBuilder<string, string>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!.ToLowerInvariant();
            json.Read();
            if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= Longest && ClientHintHeaders.IsKnown(name))
            {
                hints[name] = json.GetString()!;
            }
            else
            {
                json.Skip();
            }
        }

        return hints.ToImmutable();
    }
}
