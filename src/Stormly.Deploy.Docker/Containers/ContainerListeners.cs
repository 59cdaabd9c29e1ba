using System.Globalization;
using System.Net;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Containers;

/// <summary>Who listens inside a container: a port that the engine forwards accepts before anybody does, so that an open port proves nothing.</summary>
internal static class ContainerListeners
{
    private const string Listening = "0A";

    /// <summary>The engine answers names there itself, on networks that somebody made.</summary>
    private static readonly IPAddress EngineDns = IPAddress.Parse("127.0.0.11");

    /// <summary>Looks into a container of this machine.</summary>
    /// <param name="pid">The container's first process.</param>
    /// <param name="containerId">Its id.</param>
    /// <returns>The addresses that are listened at; null where it cannot be seen from here.</returns>
    public static IReadOnlyList<IPEndPoint>? Find(long pid, string containerId)
    {
        try
        {
            var root = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
            return pid > 0 && OperatingSystem.IsLinux() && File.ReadAllText(root + "/cgroup").Contains(containerId, StringComparison.Ordinal)
                ? [.. Read(File.ReadLines(root + "/net/tcp")), .. Read(File.ReadLines(root + "/net/tcp6"))]
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Judges what was found.</summary>
    /// <param name="listeners">The addresses that are listened at; null where nobody could look.</param>
    /// <param name="port">The port that requests go to.</param>
    /// <returns>The answer.</returns>
    public static ListenerCheck Judge(IReadOnlyList<IPEndPoint>? listeners, int port)
    {
        if (listeners is null || listeners.Any(l => l.Port == port && !IPAddress.IsLoopback(Plain(l.Address))))
        {
            return new ListenerCheck(ListenerVerdict.Ours);
        }

        if (listeners.Count == 0)
        {
            return new ListenerCheck(ListenerVerdict.Nobody, "nothing listens in its container");
        }

        var found = string.Join(", ", listeners.Select(l => l.ToString()).Distinct().Order(StringComparer.Ordinal));
        return listeners.Any(l => l.Port == port)
            ? new ListenerCheck(ListenerVerdict.Elsewhere, $"it listens at {found} inside its container, which cannot be reached from outside. Let it listen on all addresses (0.0.0.0), e.g. flask run -h 0.0.0.0.")
            : new ListenerCheck(ListenerVerdict.Elsewhere, string.Create(CultureInfo.InvariantCulture, $"it listens at {found} inside its container, but its results declare port {port}. Make the two agree."));
    }

    /// <summary>Reads lines of <c>/proc/net/tcp</c> or <c>tcp6</c> (proc_pid_net(5)).</summary>
    /// <param name="lines">The lines.</param>
    /// <returns>The addresses of listening sockets.</returns>
    public static IEnumerable<IPEndPoint> Read(IEnumerable<string> lines)
        => from line in lines.Skip(1)
           let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where words.Length > 3 && words[3] == Listening
           let local = words[1].Split(':')
           let address = Address(local[0])
           where !address.Equals(EngineDns)
           select new IPEndPoint(address, int.Parse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    // Groups of four bytes, each in the machine's order.
    private static IPAddress Address(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        if (BitConverter.IsLittleEndian)
        {
            for (var at = 0; at < bytes.Length; at += 4)
            {
                bytes.AsSpan(at, 4).Reverse();
            }
        }

        return new IPAddress(bytes);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
