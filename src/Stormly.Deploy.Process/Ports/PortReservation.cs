using System.Collections.Concurrent;
using System.Net.Sockets;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Process.Ports;

/// <summary>One port that nobody else may choose: neither in this process nor in another host application on the machine.</summary>
internal sealed class PortReservation : IDisposable
{
    private static readonly ConcurrentDictionary<int, PluginName> Owners = new();

    private readonly int _port;
    private MachinePortLock? _machineLock;

    private PortReservation(int port, MachinePortLock machineLock) => (_port, _machineLock) = (port, machineLock);

    /// <summary>The plugin that has reserved a port in this process.</summary>
    public static PluginName? OwnerOf(int port) => Owners.GetValueOrDefault(port);

    /// <summary>Tries to reserve a port.</summary>
    /// <returns>The reservation; null where somebody has it.</returns>
    /// <exception cref="SocketException">The operating system refused, e.g. for want of descriptors. Nothing is reserved.</exception>
    public static PortReservation? TryTake(int port, PluginName plugin)
    {
        if (!Owners.TryAdd(port, plugin))
        {
            return null;
        }

        MachinePortLock? machineLock = null;
        try
        {
            machineLock = MachinePortLock.TryTake(port);
            return machineLock is null ? null : new PortReservation(port, machineLock);
        }
        finally
        {
            if (machineLock is null)
            {
                Owners.TryRemove(port, out _);
            }
        }
    }

    /// <summary>Gives the port back. Idempotent.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _machineLock, null) is { } held)
        {
            held.Dispose();
            Owners.TryRemove(_port, out _);
        }
    }
}
