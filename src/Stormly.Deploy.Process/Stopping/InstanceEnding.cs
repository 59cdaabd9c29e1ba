using System.Globalization;
using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Stopping;

/// <summary>Ends everything of one instance: politely, then by force, then with a bounded wait. Zombies count as ended.</summary>
internal sealed class InstanceEnding(InstanceIdentity identity, TimeProvider time)
{
    /// <summary>How long killed processes may take to vanish; only an uninterruptible wait in the kernel takes that long.</summary>
    public static readonly TimeSpan KillWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstSearch = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether force was needed.</summary>
    public bool Forced { get; private set; }

    /// <summary>Whether there was anything of the plugin to end.</summary>
    public bool FoundAny { get; private set; }

    /// <summary>Ends it.</summary>
    /// <param name="grace">How long it may take by itself; zero means force at once.</param>
    /// <param name="force">Skips the rest of the grace.</param>
    /// <returns>What still lives after force and a bounded wait: empty, unless something is very wrong.</returns>
    public async Task<IReadOnlyList<ProcStat>> RunAsync(TimeSpan grace, CancellationToken force)
    {
        var members = await FindAsync().ConfigureAwait(false);
        FoundAny = members.Plugin.Count > 0;
        if (FoundAny && grace > TimeSpan.Zero && !force.IsCancellationRequested)
        {
            members = await AskAsync(members, grace, force).ConfigureAwait(false);
        }

        Forced = members.Plugin.Count > 0;
        return await KillAsync(members).ConfigureAwait(false);
    }

    /// <summary>Describes processes for a message.</summary>
    /// <param name="processes">The processes.</param>
    /// <returns>For example <c>process 3714 (python3)</c>.</returns>
    public static string Describe(IReadOnlyList<ProcStat> processes)
    {
        var named = string.Join(", ", processes.Take(5).Select(p => string.Create(CultureInfo.InvariantCulture, $"process {p.Pid} ({Model.PrintableText.Escape(p.Comm)})")));
        return processes.Count <= 5 ? named : string.Create(CultureInfo.InvariantCulture, $"{named} and {processes.Count - 5} more");
    }

    /// <summary>
    /// Watches the known ones, which is cheap. Looks through everything when those are gone, and in between at ever longer intervals: who left the
    /// group in the very moment of the signal has not heard it yet.
    /// </summary>
    private async Task<InstanceMembers> AskAsync(InstanceMembers members, TimeSpan bound, CancellationToken force)
    {
        var begun = time.GetTimestamp();
        var told = new HashSet<(int Pid, long StartTicks)>();
        Ask(members.Plugin, told);
        var nextSearch = FirstSearch;
        for (var pause = FirstLook; ; pause = pause < LastLook ? pause * 2 : LastLook)
        {
            var passed = time.GetElapsedTime(begun);
            if (passed >= nextSearch || !members.Plugin.Any(m => Look(m) is not null))
            {
                members = await FindAsync().ConfigureAwait(false);
                AskLate(members.Plugin, told);
                nextSearch = passed * 2;
            }

            if (members.Plugin.Count == 0 || passed >= bound || force.IsCancellationRequested)
            {
                return members.Plugin.Count == 0 ? members : await FindAsync().ConfigureAwait(false);
            }

            await Task.Delay(pause < bound - passed ? pause : bound - passed, time, force).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>TERM, and CONT for those that are stopped. Who left the group meanwhile is not told.</summary>
    private void Ask(IReadOnlyList<ProcStat> members, HashSet<(int Pid, long StartTicks)> told)
    {
        Signal(members, Native.SignalTerm);
        Signal(members, Native.SignalContinue);
        told.UnionWith(members.Where(m => Look(m) is not { } now || now.ProcessGroup == m.ProcessGroup).Select(m => (m.Pid, m.StartTicks)));
    }

    /// <summary>
    /// The same for those outside the group that were missed, each once and alone. Everybody in the group has heard it; whoever is new there works on the
    /// others' end, and is let be.
    /// </summary>
    private void AskLate(IReadOnlyList<ProcStat> members, HashSet<(int Pid, long StartTicks)> told)
    {
        foreach (var member in members.Where(m => (identity.Leader == 0 || m.ProcessGroup != identity.Leader) && told.Add((m.Pid, m.StartTicks))))
        {
            PidHandle.Signal(member, Native.SignalTerm);
            PidHandle.Signal(member, Native.SignalContinue);
        }
    }

    /// <summary>
    /// The group in one call, so that nothing it forks meanwhile is missed, but only while one of its members is proven to be ours (then its number
    /// cannot mean another group); everybody who left it one by one, each held by a descriptor and proven again.
    /// </summary>
    private void Signal(IReadOnlyList<ProcStat> members, int signal)
    {
        // Looked at again, because a process may have left the group since it was found: as setsid does while an instance is just starting.
        var now = members.Select(Look).OfType<ProcStat>().ToList();
        if (identity.Leader != 0 && now.Exists(m => m.ProcessGroup == identity.Leader))
        {
            _ = Native.Kill(-identity.Leader, signal);
        }

        foreach (var member in now.Where(m => identity.Leader == 0 || m.ProcessGroup != identity.Leader))
        {
            PidHandle.Signal(member, signal);
        }
    }

    private async Task<IReadOnlyList<ProcStat>> KillAsync(InstanceMembers members)
    {
        var begun = time.GetTimestamp();
        for (var pause = FirstLook; ; pause = pause < LastLook ? pause * 2 : LastLook)
        {
            IReadOnlyList<ProcStat> all = [.. members.Plugin, .. members.Watchers];
            if (all.Count == 0 || time.GetElapsedTime(begun) > KillWait)
            {
                return all;
            }

            Signal(members.Plugin, Native.SignalKill);
            foreach (var watcher in members.Watchers)
            {
                PidHandle.Signal(watcher, Native.SignalKill);
            }

            await Task.Delay(pause, time, CancellationToken.None).ConfigureAwait(false);
            members = await FindAsync().ConfigureAwait(false);
        }
    }

    private Task<InstanceMembers> FindAsync() => InstanceMembers.FindSurelyAsync(identity, time);

    /// <summary>A process as it is now; null where it is gone.</summary>
    private static ProcStat? Look(ProcStat seen) => ProcTable.Read(seen.Pid) is { IsLive: true } now && now.StartTicks == seen.StartTicks ? now : null;
}
