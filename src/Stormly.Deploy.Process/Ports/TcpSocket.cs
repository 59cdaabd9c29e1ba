using System.Net;

namespace Stormly.Deploy.Process.Ports;

/// <summary>One row of the kernel's table of TCP sockets.</summary>
/// <param name="Local">Its own address and port.</param>
/// <param name="IsListening">Whether it waits for connections.</param>
/// <param name="User">The user id that it belongs to.</param>
/// <param name="Inode">What a process that has it open shows as <c>socket:[inode]</c>.</param>
internal sealed record TcpSocket(IPEndPoint Local, bool IsListening, long User, long Inode)
{
    /// <summary>Whether a connection to 127.0.0.1 can end here: IPv4 or dual-stack, all addresses or loopback.</summary>
    public bool TakesLoopback
    {
        get
        {
            var address = Local.Address.IsIPv4MappedToIPv6 ? Local.Address.MapToIPv4() : Local.Address;
            return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Loopback);
        }
    }
}
