using System.Net;
using System.Net.Sockets;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Reads network addresses as strangers write them, and takes nothing for an address that is not plainly one.</summary>
internal static class AddressText
{
    private const int Longest = 64;

    /// <summary>Reads an address with or without a port.</summary>
    /// <param name="text">E.g. <c>192.0.2.1</c>, <c>192.0.2.1:80</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]:80</c>.</param>
    /// <returns>The address, an IPv4 one as such even where it is written as IPv6; null where it is none: <c>unknown</c>, <c>_hidden</c>, half addresses, octal numbers.</returns>
    public static IPAddress? Read(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t");
        if (text.Length is 0 or > Longest)
        {
            return null;
        }

        if (text[0] == '[')
        {
            var end = text.IndexOf(']');
            return end > 0 && IsPort(text[(end + 1)..]) ? ReadSix(text[1..end]) : null;
        }

        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            return ReadFour(text);
        }

        return text[(colon + 1)..].Contains(':') ? ReadSix(text) : IsPort(text[colon..]) ? ReadFour(text[..colon]) : null;
    }

    /// <summary>An IPv4 address that came over an IPv6 socket is an IPv4 address.</summary>
    public static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    private static bool IsPort(ReadOnlySpan<char> text)
        => text.IsEmpty || (text[0] == ':' && text.Length is > 1 and <= 6 && !text[1..].ContainsAnyExceptInRange('0', '9'));

    private static IPAddress? ReadSix(ReadOnlySpan<char> text)
        => !text.Contains('%') && !text.ContainsAny('[', ']', '/') && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? Plain(address)
            : null;

    /// <summary>Four decimal numbers and nothing else: what else the platform takes for an address (<c>1</c>, <c>0x7f.1</c>, <c>010.0.0.1</c>) means different things to different readers.</summary>
    private static IPAddress? ReadFour(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (count == 4 || digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9') || (digits.Length > 1 && digits[0] == '0') || !byte.TryParse(digits, out bytes[count]))
            {
                return null;
            }

            count++;
        }

        return count == 4 ? new IPAddress(bytes) : null;
    }
}
