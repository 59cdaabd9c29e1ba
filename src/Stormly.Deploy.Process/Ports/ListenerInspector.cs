using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Ports;

/// <summary>
/// Tells who listens at an instance's port, by the sockets that its processes have open. An answer over HTTP is no proof: a leftover of an earlier
/// run answers just as well.
/// </summary>
internal static class ListenerInspector
{
    /// <summary>Inspects one instance.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="port">The port that the instance was given.</param>
    /// <param name="declaredPort">The port that the plugin's results name: an instance that listens there has it fixed inside the program.</param>
    /// <param name="ownProcesses">All processes of the instance: those of its session and those that carry its marker.</param>
    /// <returns>Who listens there, in words wherever it is not the instance alone.</returns>
    public static ListenerCheck Inspect(PluginName plugin, int port, int declaredPort, IReadOnlyCollection<int> ownProcesses)
    {
        var listeners = TcpSocketTable.Read().Where(s => s.IsListening).ToList();
        var own = new HashSet<long>();
        int? unreadable = null;
        foreach (var pid in ownProcesses)
        {
            var inodes = SocketOwners.InodesOf(pid);
            unreadable = inodes is null ? pid : unreadable;
            own.UnionWith(inodes ?? []);
        }

        return Judge(plugin, port, declaredPort, listeners, own, unreadable, socket => DescribeOwner(socket, ownProcesses));
    }

    /// <summary>Names the program behind a listener, e.g. <c>process 3714 (python3)</c>.</summary>
    /// <param name="socket">The listener.</param>
    /// <param name="passOver">Processes that it is known not to belong to.</param>
    public static string DescribeOwner(TcpSocket socket, IReadOnlyCollection<int> passOver)
        => SocketOwners.FindOwner(socket.Inode, ProcTable.AllPids().Except(passOver)) is { } pid
            ? string.Create(CultureInfo.InvariantCulture, $"process {pid} ({PrintableText.Escape(ProcTable.Read(pid)?.Comm ?? "ended meanwhile", maxLength: 32)})")
            : string.Create(CultureInfo.InvariantCulture, $"a process of user {socket.User} that may not be inspected");

    /// <summary>The verdict from what was read: pure.</summary>
    internal static ListenerCheck Judge(
        PluginName plugin, int port, int declaredPort, IReadOnlyList<TcpSocket> listeners, HashSet<long> own, int? unreadable, Func<TcpSocket, string> describe)
    {
        var here = listeners.Where(s => s.Local.Port == port).ToList();
        var stranger = here.FirstOrDefault(s => s.TakesLoopback && !own.Contains(s.Inode));
        if (stranger is not null)
        {
            return new ListenerCheck(ListenerVerdict.Stranger, unreadable is { } pid ? PortTexts.CannotTell(port, pid) : PortTexts.Stranger(port, describe(stranger)));
        }

        if (here.Any(s => s.TakesLoopback))
        {
            return new ListenerCheck(ListenerVerdict.Ours);
        }

        var mine = listeners.Where(s => own.Contains(s.Inode)).ToList();
        if (mine.Where(s => s.Local.Port == port).ToList() is { Count: > 0 } unreachable)
        {
            return new ListenerCheck(ListenerVerdict.Elsewhere, PortTexts.WrongAddress(plugin, port, Join(unreachable.Select(s => s.Local.ToString()))));
        }

        return mine.Count > 0
            ? new ListenerCheck(ListenerVerdict.Elsewhere, PortTexts.Elsewhere(plugin, port, Join(mine.Select(s => s.Local.Port).Order().Select(p => p.ToString(CultureInfo.InvariantCulture)))), mine.Any(s => s.Local.Port == declaredPort))
            : new ListenerCheck(ListenerVerdict.Nobody, PortTexts.Nobody(plugin, port));
    }

    private static string Join(IEnumerable<string> places) => string.Join(", ", places.Distinct());
}
