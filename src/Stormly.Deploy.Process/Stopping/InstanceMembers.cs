using System.Text;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Stopping;

/// <summary>The live processes of one instance at one moment.</summary>
/// <param name="Plugin">The plugin's own: those that carry the marker, and those of its session that do not let their environment be read.</param>
/// <param name="Watchers">The lifeline's watcher, normally one.</param>
/// <param name="Unclear">
/// Whether some process showed no environment at all, as one does for a moment while it turns into another program (execve(2)): it may be one of ours.
/// </param>
internal sealed record InstanceMembers(IReadOnlyList<ProcStat> Plugin, IReadOnlyList<ProcStat> Watchers, bool Unclear)
{
    /// <summary>How often it is looked again while some process hides its environment; the moment of execve(2) is far shorter.</summary>
    private const int LooksAtUnclear = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);

    private enum Belonging
    {
        None,
        Unclear,
        Plugin,
        Watcher,
    }

    /// <summary>Looks through the whole process table.</summary>
    /// <param name="identity">The instance.</param>
    /// <returns>What lives of it.</returns>
    public static InstanceMembers Find(InstanceIdentity identity)
    {
        List<ProcStat> plugin = [], watchers = [], sameSession = [];
        var unclear = false;
        var search = new Search(identity.Marker);
        foreach (var pid in ProcTable.AllPids())
        {
            if (ProcTable.Read(pid) is not { IsLive: true } stat || stat.StartTicks < identity.NotBefore || stat.IsKernelThread)
            {
                continue;
            }

            var belonging = identity.IsOwnLeader(stat) ? Belonging.Plugin : search.Ask(pid);
            unclear |= belonging == Belonging.Unclear;
            if (belonging is Belonging.Plugin or Belonging.Watcher)
            {
                (belonging == Belonging.Plugin ? plugin : watchers).Add(stat);
            }
            else if (identity.Leader != 0 && stat.Session == identity.Leader)
            {
                sameSession.Add(stat);
            }
        }

        // As long as one proven member is in the session its number cannot have come to mean another one, so whoever else is in it is ours.
        if (plugin.Exists(p => p.Session == identity.Leader))
        {
            plugin.AddRange(sameSession);
        }

        return new InstanceMembers(plugin, watchers, unclear);
    }

    /// <summary>Looks so often that "nothing lives" may be believed: nobody hides any more who he is.</summary>
    /// <param name="identity">The instance.</param>
    /// <param name="time">The clock.</param>
    /// <returns>What lives of it.</returns>
    public static async Task<InstanceMembers> FindSurelyAsync(InstanceIdentity identity, TimeProvider time)
    {
        var members = Find(identity);
        for (var look = 1; look <= LooksAtUnclear && members.Unclear && members.Plugin.Count == 0; look++)
        {
            await Task.Delay(FirstPause * look, time, CancellationToken.None).ConfigureAwait(false);
            members = Find(identity);
        }

        return members;
    }

    private sealed class Search(string marker)
    {
        private readonly byte[] _value = Encoding.ASCII.GetBytes("=" + marker);
        private readonly byte[] _plugin = Encoding.ASCII.GetBytes($"{InstanceMarker.Variable}={marker}");
        private readonly byte[] _watcher = Encoding.ASCII.GetBytes($"{InstanceMarker.WatcherVariable}={marker}");

        public Belonging Ask(int pid) => ProcFile.Read($"/proc/{pid}/environ", this, static (bytes, search) => search.Judge(bytes));

        private Belonging Judge(ReadOnlySpan<byte> environment)
            => environment.IsEmpty ? Belonging.Unclear
                : environment.IndexOf(_value) < 0 ? Belonging.None
                : Has(environment, _plugin) ? Belonging.Plugin
                : Has(environment, _watcher) ? Belonging.Watcher
                : Belonging.None;

        private static bool Has(ReadOnlySpan<byte> environment, byte[] entry)
        {
            foreach (var range in environment.Split((byte)0))
            {
                if (environment[range].SequenceEqual(entry))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
