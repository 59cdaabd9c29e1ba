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

    /// <summary>How often the process table is listed anew while processes end under our eyes, each of which may have left a child that is not listed.</summary>
    private const int MostListings = 50;

    private enum Belonging
    {
        Unreadable,
        None,
        Unclear,
        Plugin,
        Watcher,
    }

    /// <summary>
    /// Looks through the whole process table. That takes time, and who forks and ends meanwhile is gone when its turn comes, while its child is not in
    /// the list: an instance is only believed to be gone when everybody that a list named was met alive, and was another's.
    /// </summary>
    /// <param name="identity">The instance.</param>
    /// <returns>What lives of it.</returns>
    public static InstanceMembers Find(InstanceIdentity identity)
    {
        var search = new Search(identity);
        var missed = search.Meet(ProcTable.AllPids());
        for (var listing = 1; missed && search.Plugin.Count == 0 && listing < MostListings; listing++)
        {
            missed = search.Meet(ProcTable.AllPids());
        }

        return search.Found(unsettled: missed);
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

    private sealed class Search(InstanceIdentity identity)
    {
        private readonly byte[] _value = Encoding.ASCII.GetBytes("=" + identity.Marker);
        private readonly byte[] _plugin = Encoding.ASCII.GetBytes($"{InstanceMarker.Variable}={identity.Marker}");
        private readonly byte[] _watcher = Encoding.ASCII.GetBytes($"{InstanceMarker.WatcherVariable}={identity.Marker}");
        private readonly HashSet<int> _met = [];
        private readonly List<ProcStat> _watchers = [];
        private readonly List<ProcStat> _sameSession = [];
        private bool _unclear;

        public List<ProcStat> Plugin { get; } = [];

        /// <summary>Meets those of a list that were not met before.</summary>
        /// <returns>Whether some had ended already: they may have left a child that the list does not name.</returns>
        public bool Meet(IEnumerable<int> pids)
        {
            var missed = false;
            foreach (var pid in pids.ToList())
            {
                missed |= _met.Add(pid) && !Meet(pid);
            }

            return missed;
        }

        public InstanceMembers Found(bool unsettled)
        {
            // As long as one proven member is in the session its number cannot have come to mean another one, so whoever else is in it is ours.
            var all = Plugin.Exists(p => p.Session == identity.Leader) ? [.. Plugin, .. _sameSession] : Plugin;
            return new InstanceMembers(all, _watchers, _unclear || (unsettled && all.Count == 0));
        }

        private bool Meet(int pid)
        {
            if (ProcTable.Read(pid) is not { IsLive: true } stat)
            {
                return false;
            }

            if (stat.StartTicks < identity.NotBefore || stat.IsKernelThread)
            {
                return true;
            }

            var belonging = identity.IsOwnLeader(stat) ? Belonging.Plugin : Ask(pid);
            _unclear |= belonging == Belonging.Unclear;
            if (belonging is Belonging.Plugin or Belonging.Watcher)
            {
                (belonging == Belonging.Plugin ? Plugin : _watchers).Add(stat);
            }
            else if (identity.Leader != 0 && stat.Session == identity.Leader)
            {
                _sameSession.Add(stat);
            }

            return belonging is not (Belonging.Unreadable or Belonging.Unclear) || ProcTable.Read(pid) is { IsLive: true };
        }

        private Belonging Ask(int pid) => ProcFile.Read($"/proc/{pid}/environ", this, static (bytes, search) => search.Judge(bytes));

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
