namespace Stormly.Deploy.Process.Ports;

/// <summary>A port in the hands of one instance, until it is disposed.</summary>
internal sealed class PortLease : IDisposable
{
    private readonly PortReservation _reservation;

    internal PortLease(int port, string command, PortReservation reservation) => (Port, Command, _reservation) = (port, command, reservation);

    /// <summary>The port that the instance must listen on: the value of PORT.</summary>
    public int Port { get; }

    /// <summary>The command to run.</summary>
    public string Command { get; }

    /// <summary>Gives the port back. Call it when everything of the instance has ended. Idempotent.</summary>
    public void Dispose() => _reservation.Dispose();
}
