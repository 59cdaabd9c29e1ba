using System.Net.Sockets;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Process.Ports;

/// <summary>
/// Gives every instance a port of its own, by moving the plugin's command there, or refuses in words. May be called from any thread; what it does
/// takes milliseconds.
/// </summary>
internal sealed class PortBroker
{
    private readonly PortOptions _options;
    private readonly int[] _range;
    private readonly RecentSocketTable _recentTable;

    public PortBroker(PortOptions options, TimeProvider? time = null)
    {
        _options = options;
        _recentTable = new RecentSocketTable(time ?? TimeProvider.System);
        _range = PortRange.Choose(options.First, options.Last, PortRange.ReadEphemeral());
    }

    /// <summary>Tells how many instances of a plugin can run at once. Starts and reserves nothing.</summary>
    public PlacementAnswer Check(PlacementPlan plan)
        => WhyFixed(plan.StartCommand, plan.DeclaredPort) is { } reason
            ? new PlacementAnswer { MaxInstances = 1, Reason = PortTexts.OnlyOneInstance(plan.Plugin, reason) }
            : PlacementAnswer.Unlimited;

    /// <summary>Chooses and reserves the port of one instance.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="startCommand">Its command line.</param>
    /// <param name="declaredPort">The port that its results give.</param>
    /// <returns>The port and the command to run. Dispose it when everything of the instance has ended.</returns>
    /// <exception cref="PluginDeploymentException">No port can be had; the message says why and what would help. Nothing is reserved.</exception>
    public PortLease Reserve(PluginName plugin, string startCommand, int declaredPort)
    {
        var fixedBecause = WhyFixed(startCommand, declaredPort);
        try
        {
            return fixedBecause is null ? ReserveOfRange(plugin, startCommand, declaredPort) : ReserveDeclared(plugin, startCommand, declaredPort, fixedBecause);
        }
        catch (SocketException e)
        {
            throw new PluginDeploymentException(PortTexts.NoDescriptors(plugin, e.Message), e);
        }
    }

    /// <summary>Reserves the port of an instance that runs already, because it was taken over from an earlier run.</summary>
    /// <returns>The lease; null where somebody else has reserved the port.</returns>
    public static PortLease? TryReclaim(PluginName plugin, int port, string command)
        => PortReservation.TryTake(port, plugin) is { } reservation ? new PortLease(port, command, reservation) : null;

    private string? WhyFixed(string command, int declaredPort)
    {
        var rewrite = PortRewriter.Rewrite(command, declaredPort, declaredPort);
        return _options.Mode == PortMode.Fixed ? PortTexts.FixedByOptions(declaredPort) : rewrite.CanMove ? null : rewrite.Reason;
    }

    private PortLease ReserveOfRange(PluginName plugin, string command, int declaredPort)
    {
        var sockets = _recentTable.Read();
        var listening = sockets.Where(s => s.IsListening).Select(s => s.Local.Port).ToHashSet();
        var lingering = sockets.Select(s => s.Local.Port).ToHashSet();

        // A port whose old connections linger can be bound by most servers, not by all: such ports come last.
        var free = PortRange.FromAnywhere(_range, Random.Shared.Next(_range.Length)).Where(p => !listening.Contains(p));
        foreach (var port in free.Where(p => !lingering.Contains(p)).Concat(free.Where(lingering.Contains)))
        {
            if (PortReservation.TryTake(port, plugin) is { } reservation)
            {
                return new PortLease(port, PortRewriter.Rewrite(command, declaredPort, port).Command, reservation);
            }
        }

        var used = _range.Count(listening.Contains);
        throw new PluginDeploymentException(PortTexts.Exhausted(plugin, _range[0], _range[^1], _range.Length - used, used));
    }

    private static PortLease ReserveDeclared(PluginName plugin, string command, int port, string reason)
    {
        var reservation = PortReservation.TryTake(port, plugin);
        if (reservation is null)
        {
            var owner = PortReservation.OwnerOf(port);
            throw new PluginDeploymentException(owner == plugin ? PortTexts.OnlyOneInstance(plugin, reason) : PortTexts.TakenBy(plugin, port, owner));
        }

        var stranger = TcpSocketTable.Read().FirstOrDefault(s => s.IsListening && s.TakesLoopback && s.Local.Port == port);
        if (stranger is not null)
        {
            reservation.Dispose();
            throw new PluginDeploymentException(PortTexts.Stranger(port, ListenerInspector.DescribeOwner(stranger, [])));
        }

        return new PortLease(port, PortRewriter.Rewrite(command, port, port).Command, reservation);
    }
}
