using System.Globalization;
using System.Net.Sockets;

namespace Stormly.Deploy.Process.Ports;

/// <summary>
/// Keeps host applications on one machine from choosing the same port: a name in Linux's abstract socket space, which has the same borders as the
/// ports themselves (the network namespace), is seen by every user, and goes with its owner even when that is killed. Elsewhere than on Linux there
/// is no such space, and only the host application's own instances are kept apart.
/// </summary>
internal sealed class MachinePortLock : IDisposable
{
    private readonly Socket? _socket;

    private MachinePortLock(Socket? socket) => _socket = socket;

    /// <summary>Tries to take the name of a port.</summary>
    /// <param name="port">The port.</param>
    /// <returns>The lock; null where another host application holds it.</returns>
    /// <exception cref="SocketException">The operating system refused for another reason, e.g. for want of descriptors.</exception>
    public static MachinePortLock? TryTake(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new MachinePortLock(null);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(string.Create(CultureInfo.InvariantCulture, $"\0stormly-deploy/port/{port}")));
            return new MachinePortLock(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse ? null : throw new SocketException(e.NativeErrorCode);
        }
    }

    public void Dispose() => _socket?.Dispose();
}
