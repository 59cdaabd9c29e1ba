using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Ports;
using Stormly.Deploy.Process.Stopping;

namespace Stormly.Deploy.Process;

/// <summary>One running instance: its exit, its output, its listener, its end.</summary>
internal sealed partial class ProcessInstance : IInstance
{
    /// <summary>How long the last words of an ended plugin may take to arrive; shorter once it served, because then every moment counts.</summary>
    private static readonly TimeSpan LastWordsOfStart = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LastWordsOfService = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReleaseWait = TimeSpan.FromSeconds(2);

    private readonly ProcessInstanceFacts _facts;
    private readonly ILeader _leader;
    private readonly PortLease _lease;
    private readonly InstanceIdentity _identity;
    private readonly ProcessInstanceOwner _owner;
    private readonly CancellationTokenSource _force = new();
    private readonly Lock _gate = new();
    private InstanceEnding? _ending;
    private Task<InstanceExit>? _stop;
    private volatile bool _verified;

    public ProcessInstance(ProcessInstanceFacts facts, ILeader leader, PortLease lease, InstanceIdentity identity, ProcessInstanceOwner owner)
    {
        (_facts, _leader, _lease, _identity, _owner) = (facts, leader, lease, identity, owner);
        Address = new InstanceAddress("127.0.0.1", lease.Port);
        Exited = WatchAsync();
    }

    public InstanceId Id => _facts.Id;

    public InstanceAddress Address { get; }

    public Task<InstanceExit> Exited { get; }

    /// <summary>The leader's process id, for tests and messages.</summary>
    internal int LeaderPid => _leader.Pid;

    /// <summary>Its folder.</summary>
    internal string Folder => _facts.Folder;

    /// <summary>The marker that its processes carry, for tests.</summary>
    internal InstanceIdentity Identity => _identity;

    public string ReadOutputTail() => _leader.ReadOutputTail();

    public async ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken)
    {
        var check = await Task.Run(Inspect, cancellationToken).ConfigureAwait(false);
        _verified |= check.Verdict == ListenerVerdict.Ours;
        return check;
    }

    public async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
    {
        Task<InstanceExit> stop;
        lock (_gate)
        {
            if (_stop is null || _stop.IsFaulted)
            {
                _ending = new InstanceEnding(_identity, _owner.Time);
                _stop = Task.Run(() => StopAsync(_ending, grace), CancellationToken.None);
            }

            stop = _stop;
        }

        if (grace <= TimeSpan.Zero)
        {
            await _force.CancelAsync().ConfigureAwait(false);
        }

        await using var hurry = force.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _force).ConfigureAwait(false);
        return await stop.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync(_owner.DisposeGrace, CancellationToken.None).ConfigureAwait(false);

    public ValueTask LetGoAsync()
    {
        lock (_gate)
        {
            if (_stop is not null)
            {
                throw new InvalidOperationException($"Instance '{Id}' cannot be let go of: it is being stopped.");
            }
        }

        _owner.LetGo(this);
        _leader.LetGo();
        _lease.Dispose();
        LogLetGo(_owner.Logger, _facts.Plugin, Id, _leader.Pid);
        return ValueTask.CompletedTask;
    }

    private async Task<InstanceExit> StopAsync(InstanceEnding ending, TimeSpan grace)
    {
        var left = await ending.RunAsync(grace, _force.Token).ConfigureAwait(false);
        if (left.Count > 0)
        {
            throw new PluginDeploymentException(
                $"Instance '{Id}' of plugin '{_facts.Plugin}' could not be ended: {InstanceEnding.Describe(left)} still lives {InstanceEnding.KillWait.TotalSeconds:0} s after it was killed. "
                + "It waits inside the kernel, mostly for a disk or a network file system; look there. Its port stays reserved.");
        }

        await _leader.OutputEnded.WaitAsync(ReleaseWait, _owner.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leader.Release();
        await _leader.OutputEnded.ConfigureAwait(false);
        var exit = await Exited.ConfigureAwait(false);
        exit = ending.Forced && exit.Cause == ExitCause.Stopped ? exit with { Reason = ExitWords.Forced } : exit;
        _leader.Dispose();
        _lease.Dispose();
        _owner.Forget(this);
        LogStopped(_owner.Logger, _facts.Plugin, Id, ending.Forced ? "by force" : "by itself", exit.Reason);
        return exit;
    }

    private async Task<InstanceExit> WatchAsync()
    {
        var code = await _leader.Ended.ConfigureAwait(false);
        var ending = Volatile.Read(ref _ending);
        var exit = ending is null ? await DescribeOwnEndAsync(code).ConfigureAwait(false) : ExitWords.Stopped(code, ending.Forced);
        if (ending is null)
        {
            _leader.ReleaseLifeline();
            LogEnded(_owner.Logger, _facts.Plugin, Id, exit.Reason);
        }

        await _leader.OutputEnded.WaitAsync(_verified ? LastWordsOfService : LastWordsOfStart, _owner.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return exit with { OutputTail = ReadOutputTail() };
    }

    /// <summary>Looks at once at what is left, before the lifeline's watcher ends it.</summary>
    private async Task<InstanceExit> DescribeOwnEndAsync(int? code)
    {
        try
        {
            if (!_verified && Inspect() is { Verdict: ListenerVerdict.Stranger } stranger)
            {
                return ExitWords.OnItsOwn(code, "") with { Cause = ExitCause.PortTaken, Reason = $"ended before it could listen. {stranger.Detail}" };
            }

            var left = code == 0 ? (await InstanceMembers.FindSurelyAsync(_identity, _owner.Time).ConfigureAwait(false)).Plugin : [];
            return ExitWords.OnItsOwn(code, InstanceEnding.Describe(left));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ExitWords.OnItsOwn(code, "");
        }
    }

    private ListenerCheck Inspect()
        => ListenerInspector.Inspect(_facts.Plugin, _lease.Port, _facts.DeclaredPort, [.. InstanceMembers.Find(_identity).Plugin.Select(p => p.Pid)]);
}
