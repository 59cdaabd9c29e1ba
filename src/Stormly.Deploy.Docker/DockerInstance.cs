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
    private OutputTail _output;
    private Task _following = Task.CompletedTask;
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

    public string ReadOutputTail() => Volatile.Read(ref _output).Render();

    /// <summary>Begins to read its output.</summary>
    public void Follow() => _following = Task.Run(FollowAsync);

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

    /// <summary>
    /// Lets the following come to its end, and asks the engine for the last lines once more: where much was written in a short time, the engine begins a new file
    /// before the old one is read, and leaves whoever follows behind.
    /// </summary>
    private async Task ReadLastWordsAsync(TimeSpan limit)
    {
        await _following.WaitAsync(limit, _owner.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var last = new OutputTail(_owner.Options.OutputTailBytes);
        using var bound = new CancellationTokenSource(limit, _owner.Time);
        try
        {
            await _owner.Calls.ReadLastOutputAsync(ContainerId, last, bound.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Gone, or the engine is away: what was read so far has to do.
            return;
        }

        if (last.BytesWritten > 0)
        {
            Volatile.Write(ref _output, last);
        }
    }

    /// <summary>Reads the output until the container ends, over every connection that the engine drops.</summary>
    private async Task FollowAsync()
    {
        double? since = null;
        while (!_outputEnd.IsCancellationRequested)
        {
            try
            {
                await _owner.Calls.FollowOutputAsync(ContainerId, since, _output, _outputEnd.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Gone, or the engine is away: whether it has ended is for the watcher to find out.
            }

            since = _owner.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
            await ((Task)_end.Task).WaitAsync(_owner.Options.ReconnectEvery, _owner.Time, _outputEnd.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_end.Task.IsCompleted)
            {
                return;
            }
        }
    }
}
