using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker;

/// <summary>One running container: its exit, its output, its listener, its end.</summary>
internal sealed partial class DockerInstance : IInstance
{
    /// <summary>How long the last words of an ended plugin may take to arrive; shorter once it served, because then every moment counts.</summary>
    private static readonly TimeSpan LastWordsOfStart = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LastWordsOfService = TimeSpan.FromMilliseconds(100);

    private readonly ContainerLabels _labels;
    private readonly DockerInstanceOwner _owner;
    private readonly TaskCompletionSource<ContainerEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _outputEnd = new();
    private readonly CancellationTokenSource _force = new();
    private readonly Lock _gate = new();
    private Task<InstanceExit>? _stop;
    private Stopping? _stopping;
    private volatile bool _verified;

    public DockerInstance(ContainerLabels labels, string containerId, InstanceAddress address, DockerInstanceOwner owner)
    {
        (_labels, ContainerId, Address, _owner) = (labels, containerId, address, owner);
        _output = new OutputTail(owner.Options.OutputTailBytes);
        Exited = DescribeEndAsync();
    }

    public InstanceId Id => _labels.Instance;

    public InstanceAddress Address { get; }

    public Task<InstanceExit> Exited { get; }

    /// <summary>The engine's name for it.</summary>
    internal string ContainerId { get; }

    /// <summary>Says that it has ended. The first word counts.</summary>
    /// <param name="end">What the engine knows.</param>
    public void End(ContainerEnd end) => _end.TrySetResult(end);

    public async ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken)
    {
        var found = _owner.Engine.IsLocal ? await _owner.Calls.InspectAsync(ContainerId, cancellationToken).ConfigureAwait(false) : null;
        var check = ContainerListeners.Judge(found?.State is { } state ? ContainerListeners.Find(state.Pid, ContainerId) : null, _labels.Port);
        _verified |= check.Verdict == ListenerVerdict.Ours;
        return check;
    }

    public async ValueTask LetGoAsync()
    {
        await _outputEnd.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        _owner.Release(this);
    }

    public ValueTask DisposeAsync() => new(StopAsync(_owner.Options.DisposeGrace, CancellationToken.None));

    private async Task<InstanceExit> DescribeEndAsync()
    {
        var end = await _end.Task.ConfigureAwait(false);
        await ReadLastWordsAsync(_verified ? LastWordsOfService : LastWordsOfStart).ConfigureAwait(false);
        var tail = ReadOutputTail();
        var stopping = Volatile.Read(ref _stopping);
        var exit = stopping is not null
            ? ExitWords.Stopped(end, stopping.WasForced(end, _force.IsCancellationRequested))
            : ExitWords.OnItsOwn(end, _owner.Options.MemoryOf(_labels.Plugin), tail.Contains(CommandShim.LeftBehind, StringComparison.Ordinal));
        if (stopping is null)
        {
            DockerHostLog.Ended(_owner.Logger, _labels.Plugin, Id, exit.Reason);
        }

        return exit with { OutputTail = tail };
    }
}
