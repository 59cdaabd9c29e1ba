using System.Globalization;

namespace Stormly.Deploy.Process.Ports;

/// <summary>The ports to choose from, without those that the kernel hands to outgoing connections.</summary>
internal static class PortRange
{
    private const string EphemeralFile = "/proc/sys/net/ipv4/ip_local_port_range";

    /// <summary>The first and last port that the kernel gives to outgoing connections; an empty range where it does not say.</summary>
    public static (int First, int Last) ReadEphemeral()
    {
        try
        {
            var fields = File.ReadAllText(EphemeralFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return (int.Parse(fields[0], CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return (0, 0);
        }
    }

    /// <summary>The ports of a range that do not meet the ephemeral ones; all of it where every one does, for then there is no better choice.</summary>
    public static int[] Choose(int first, int last, (int First, int Last) ephemeral)
    {
        var all = Enumerable.Range(first, last - first + 1);
        int[] apart = [.. all.Where(p => p < ephemeral.First || p > ephemeral.Last)];
        return apart.Length > 0 ? apart : [.. all];
    }

    /// <summary>The ports in turn, beginning anywhere: two host applications that start together do not follow each other.</summary>
    public static IEnumerable<int> FromAnywhere(int[] ports, int start)
    {
        for (var i = 0; i < ports.Length; i++)
        {
            yield return ports[(start + i) % ports.Length];
        }
    }
}
