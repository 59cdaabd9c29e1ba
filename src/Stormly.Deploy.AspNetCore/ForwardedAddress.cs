using System.Net;
using Microsoft.Extensions.Primitives;

namespace Stormly.Deploy.AspNetCore;

/// <summary>
/// Finds where a request came from. Each proxy adds the address that it got the request from at the right end; so one reads from the right, over those that are
/// proxies of ours, and the first other address is the last one that somebody whom we trust has seen. What stands left of it is anybody's word.
/// </summary>
internal static class ForwardedAddress
{
    /// <summary>The most hops that are read.</summary>
    private const int MostHops = 32;

    /// <summary>Finds the address.</summary>
    /// <param name="peer">The other end of the connection.</param>
    /// <param name="header">The lines of the header.</param>
    /// <param name="isForwarded">Whether it is written as RFC 7239 says.</param>
    /// <param name="proxies">The proxies that are trusted.</param>
    /// <returns>The address; null where a trusted proxy wrote something that is none, e.g. <c>unknown</c>.</returns>
    public static IPAddress? Find(IPAddress? peer, StringValues header, bool isForwarded, AddressNetworks proxies)
    {
        var found = peer;
        var hops = 0;
        for (var line = header.Count - 1; line >= 0; line--)
        {
            var rest = header[line].AsSpan();
            while (true)
            {
                if (!proxies.Contains(found))
                {
                    return found;
                }

                var comma = LastComma(rest, isForwarded);
                var hop = isForwarded ? ForOf(rest[(comma + 1)..]) : rest[(comma + 1)..];
                found = ++hops > MostHops ? null : AddressText.Read(hop);
                if (comma < 0)
                {
                    break;
                }

                rest = rest[..comma];
            }
        }

        return found;
    }

    /// <summary>The last comma that divides elements: in <c>Forwarded</c> those within quotes do not.</summary>
    private static int LastComma(ReadOnlySpan<char> text, bool isQuoted)
    {
        if (!isQuoted)
        {
            return text.LastIndexOf(',');
        }

        var (last, inside) = (-1, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (inside && text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                inside = !inside;
            }
            else if (text[i] == ',' && !inside)
            {
                last = i;
            }
        }

        return last;
    }

    /// <summary>The value of <c>for</c> in one element, without quotes; empty where there is none.</summary>
    private static ReadOnlySpan<char> ForOf(ReadOnlySpan<char> element)
    {
        foreach (var range in element.Split(';'))
        {
            var pair = element[range].Trim(" \t");
            if (pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase))
            {
                var value = pair[4..];
                return value is ['"', .., '"'] ? value[1..^1] : value;
            }
        }

        return default;
    }
}
