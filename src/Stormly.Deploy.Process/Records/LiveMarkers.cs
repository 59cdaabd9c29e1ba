using System.Text;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Records;

/// <summary>All markers that some live process carries, found in one look through the process table however many records there are.</summary>
internal static class LiveMarkers
{
    private const int Looks = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks, and looks again while some process hides its environment, as it does for the moment of execve(2).</summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The markers of all looks together.</returns>
    public static async Task<IReadOnlySet<string>> FindAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var look = 0; look < Looks && Look(found); look++)
        {
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    private static bool Look(HashSet<string> found)
    {
        var unclear = false;
        foreach (var pid in ProcTable.AllPids())
        {
            if (ProcTable.Read(pid) is { IsLive: true, IsKernelThread: false })
            {
                unclear |= ProcFile.Read($"/proc/{pid}/environ", found, Collect);
            }
        }

        return unclear;
    }

    private static bool Collect(ReadOnlySpan<byte> environment, HashSet<string> found)
    {
        foreach (var range in environment.Split((byte)0))
        {
            var entry = environment[range];
            if (entry.StartsWith("STORMLY_DEPLOY_"u8))
            {
                Add(Encoding.ASCII.GetString(entry), InstanceMarker.Variable, found);
                Add(Encoding.ASCII.GetString(entry), InstanceMarker.WatcherVariable, found);
            }
        }

        return environment.IsEmpty;
    }

    private static void Add(string entry, string name, HashSet<string> found)
    {
        if (entry.StartsWith(name + "=", StringComparison.Ordinal))
        {
            found.Add(entry[(name.Length + 1)..]);
        }
    }
}
