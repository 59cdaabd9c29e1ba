using System.Net;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A set of networks that addresses are looked up in. Immutable.</summary>
internal sealed class AddressNetworks(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(n => Parse(n) ?? throw new FormatException($"'{n}' is no network."))];

    /// <summary>Whether an address lies in one of the networks.</summary>
    /// <param name="address">The address, not an IPv4 address in the clothes of IPv6; null lies in none.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a network.</summary>
    /// <param name="text">An address, or an address with a prefix.</param>
    /// <returns>The network; null where it is none, or where bits stand behind the prefix.</returns>
    public static IPNetwork? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (AddressText.Read(slash < 0 ? text : text.AsSpan(0, slash)) is not { } address)
        {
            return null;
        }

        if (slash < 0)
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        // The platform clears the bits behind the prefix: somebody who wrote 10.0.0.1/8 hardly meant to trust sixteen million addresses.
        return IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(address) ? network : null;
    }
}
