using System.Net;

namespace Stormly.Deploy.Statistics;

/// <summary>Gives each network address one of 64 bits, by a hash with a salt of the plugin: enough to tell that values came from several callers, too little to tell from whom.</summary>
internal sealed class CallerBits(ulong salt)
{
    private int _unknown;

    public ulong Salt => salt;

    /// <summary>The bit of a caller.</summary>
    /// <param name="address">The address; null where it is unknown: each of those has the next bit.</param>
    /// <returns>A single bit.</returns>
    public ulong Of(IPAddress? address)
    {
        if (address is null)
        {
            return 1UL << (_unknown++ & 63);
        }

        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        var hash = salt;

        // The last 64 bits of an IPv6 address change as its owner likes: they are left out. An IPv4 address stands in the last 32.
        foreach (var b in address.IsIPv4MappedToIPv6 || address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? bytes[12..] : bytes[..8])
        {
            hash = (hash ^ b) * 1099511628211;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        return 1UL << (int)((hash ^ (hash >> 33)) & 63);
    }
}
