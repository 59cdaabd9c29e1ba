using System.Collections.Concurrent;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing;

/// <summary>
/// A backend without processes, for tests of whatever uses the library: its instances live in memory, do what the test says, and fail as the test says. On a
/// <c>FakeTimeProvider</c> deadlines, back-offs and scaling are played in milliseconds. The guide is <c>docs/testing.md</c>.
/// </summary>
public sealed partial class InMemoryInstanceHost : IInstanceHost
{
    private readonly ConcurrentQueue<InMemoryInstance> _started = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private bool _disposed;
    private int _living;
    private int _mostAtOnce;

    /// <summary>Makes a backend.</summary>
    /// <param name="time">The clock of everything that takes time; null takes the system's.</param>
    /// <param name="machine">The machine that its instances live on; null makes one. Two runs of a host application share a machine.</param>
    public InMemoryInstanceHost(TimeProvider? time = null, InMemoryMachine? machine = null)
        => (Time, Machine) = (time ?? TimeProvider.System, machine ?? new InMemoryMachine());

    /// <inheritdoc/>
    public string Kind => "memory";

    /// <summary>What it is to be able to do. Default: adoption, and a network of its own for each instance; it runs no commands.</summary>
    public InstanceHostCapabilities Capabilities { get; set; } = new() { Adoption = true, PrivateNetwork = true, RunsCommands = false };

    /// <summary>The machine that its instances live on.</summary>
    public InMemoryMachine Machine { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Says what an instance does, at its start. Default: nothing goes wrong.</summary>
    public Action<InMemoryInstance> OnStart { get; set; } = static _ => { };

    /// <summary>Why the backend as a whole cannot be had, like an engine that is down: every question, start and recovery fails with it. Default null: it can.</summary>
    public BackendUnavailableException? Absence { get; set; }

    /// <summary>What a start fails with; null lets it be. Default: no start fails.</summary>
    public Func<InstanceSpec, Exception?> StartError { get; set; } = static _ => null;

    /// <summary>How long a start takes. Default 0. Use <see cref="InMemoryInstance.ListensAfter"/> for a plugin that takes its time.</summary>
    public TimeSpan StartTakes { get; set; }

    /// <summary>How many instances of a plugin it can run. Default: any number.</summary>
    public PlacementAnswer Placement { get; set; } = PlacementAnswer.Unlimited;

    /// <summary>Every instance that was started or taken over, oldest first.</summary>
    public IReadOnlyList<InMemoryInstance> Started => [.. _started];

    /// <summary>Those of them that have not ended.</summary>
    public IReadOnlyList<InMemoryInstance> Running => [.. _started.Where(i => !i.IsGone)];

    /// <summary>The greatest number of instances that it had at once.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <inheritdoc/>
    public ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken)
        => Absence is { } absence ? ValueTask.FromException<PlacementAnswer>(absence) : new(Placement);

    /// <inheritdoc/>
    public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        cancellationToken.ThrowIfCancellationRequested();
        if (!Directory.Exists(spec.WorkFolder))
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"'{spec.WorkFolder}' does not exist.");
        }

        await DelayStartAsync(cancellationToken).ConfigureAwait(false);
        if ((Absence ?? StartError(spec)) is { } error)
        {
            throw error;
        }

        InMemoryHandle handle;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            handle = Take_NeedsLock(new InMemoryInstance(this, spec));
        }

        OnStart(handle.Instance);
        return handle;
    }

    /// <summary>Ends every instance that was started, except those that were let go. It may be called twice.</summary>
    /// <returns>A task that completes when nothing of it is left.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        foreach (var instance in Running.Where(i => i.Host == this && !IsCrashed))
        {
            await new InMemoryHandle(this, instance).DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Notes that an instance has ended.</summary>
    internal void Lost() => Interlocked.Decrement(ref _living);

    private InMemoryHandle Take_NeedsLock(InMemoryInstance instance)
    {
        Machine.Enter(instance);
        _started.Enqueue(instance);
        _mostAtOnce = Math.Max(_mostAtOnce, Interlocked.Increment(ref _living));
        return new InMemoryHandle(this, instance);
    }

    private async Task DelayStartAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var takes = IsCrashed ? Timeout.InfiniteTimeSpan : StartTakes;
        if (takes == TimeSpan.Zero)
        {
            return;
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await Task.Delay(takes, Time, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
