using System.Collections.Concurrent;
using System.Collections.Immutable;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <content>Calls from outside.</content>
internal sealed partial class DeploymentController
{
    private const int RevisionsRemembered = 64;

    private readonly ConcurrentDictionary<long, TaskCompletionSource<DeploymentSnapshot>> _calls = new();
    private readonly ConcurrentDictionary<RevisionId, RunnableRevision> _revisions = new();
    private readonly Queue<RevisionId> _added = new();
    private long _lastCall;
    private StoredSource? _source;

    /// <summary>How many instances the host application's own code asked for; stored beside the wanted number.</summary>
    public ScaleRange? Registered { get; set; }

    /// <summary>Makes a revision known, so that events may name it.</summary>
    /// <param name="revision">The revision; a newer manifest source takes the place of an older one.</param>
    public void Add(RunnableRevision revision)
    {
        _revisions[revision.Stored.Id] = _services.Learning?.Equip(revision) ?? revision;
        lock (_added)
        {
            _added.Enqueue(revision.Stored.Id);
            if (_added.Count > RevisionsRemembered && _added.TryDequeue(out var oldest))
            {
                if (_added.Contains(oldest))
                {
                    return;
                }

                if (IsUsed(Volatile.Read(ref _state), oldest))
                {
                    _added.Enqueue(oldest);
                }
                else
                {
                    _revisions.TryRemove(oldest, out _);
                }
            }
        }
    }

    /// <summary>Deploys and waits until it serves or has failed.</summary>
    /// <param name="goal">What to deploy; its revision was added.</param>
    /// <returns>The deployment once it serves.</returns>
    public Task<DeploymentSnapshot> DeployAsync(FleetGoal goal) => CallAsync(ticket => new DeploymentEvent.DeployWanted(goal, [ticket], KeepTrying: false));

    /// <summary>Goes back to a kept revision and waits until it serves or has failed.</summary>
    /// <param name="goal">What to go back to; its revision was added.</param>
    /// <returns>The deployment once it serves.</returns>
    public Task<DeploymentSnapshot> RollbackAsync(FleetGoal goal) => CallAsync(ticket => new DeploymentEvent.DeployWanted(goal, [ticket], KeepTrying: false, Back: true));

    /// <summary>Changes the wanted number and waits until it is stored.</summary>
    /// <param name="goal">The number, the backend's ceiling, and the revision that it is of.</param>
    /// <returns>The deployment at that moment.</returns>
    public Task<DeploymentSnapshot> ScaleAsync(FleetGoal goal)
        => CallAsync(ticket => new DeploymentEvent.ScaleWanted(goal.Wanted, goal.Ceiling, goal.CeilingReason, [ticket], goal.Range, goal.Revision));

    /// <summary>Where the next revision comes from; stored beside what serves. Null where code gives it.</summary>
    public StoredSource? Source => Volatile.Read(ref _source);

    /// <summary>Changes where the next revision comes from. A follower notes its runs at any time, so that every change is made of what is there in that moment.</summary>
    /// <param name="change">Makes the new one of the one before.</param>
    public void ChangeSource(Func<StoredSource?, StoredSource?> change)
    {
        StoredSource? before;
        do
        {
            before = Source;
        }
        while (Interlocked.CompareExchange(ref _source, change(before), before) != before);
    }

    public RunnableRevision? FindRevision(RevisionId id) => _revisions.GetValueOrDefault(id);

    public async Task RemoveAsync()
    {
        await TellAsync(new DeploymentEvent.RemoveWanted()).ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
    }

    /// <summary>Tells the deployment what a call wants, and waits until the machine lets it go.</summary>
    /// <param name="news">What it wants, for the ticket of the call.</param>
    /// <returns>The deployment then.</returns>
    public async Task<DeploymentSnapshot> CallAsync(Func<long, DeploymentEvent> news)
    {
        var ticket = Interlocked.Increment(ref _lastCall);
        var call = new TaskCompletionSource<DeploymentSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[ticket] = call;
        if (!await TellAsync(news(ticket)).ConfigureAwait(false))
        {
            Release([ticket], c => c.TrySetException(Ended()));
        }

        return await call.Task.ConfigureAwait(false);
    }

    private void Refuse(DeploymentEffect.Refuse refusal)
    {
        Exception error = refusal.Failure switch
        {
            null => new PluginDeploymentException(refusal.Reason),
            { Cause: BackendUnavailableException cause } => cause,
            { } failure => new InstanceStartException(Plugin, failure.Instance, WithSeen(refusal.Reason, failure.Reason), failure.ExitCode, failure.OutputTail, failure.Cause),
        };
        Release(refusal.Tickets, c => c.TrySetException(error));
    }

    /// <summary>The reason of a refusal often names already what was seen.</summary>
    private static string WithSeen(string reason, string seen) => reason.Contains(seen, StringComparison.Ordinal) ? reason : $"{reason} Seen: {seen}";

    private void RefuseTheRest() => Release([.. _calls.Keys], c => c.TrySetException(Ended()));

    private PluginDeploymentException Ended() => new($"The deployment of plugin '{Plugin}' has ended: it was removed, or the host application ends.");

    private void Release(ImmutableArray<long> tickets, Action<TaskCompletionSource<DeploymentSnapshot>> how)
    {
        foreach (var ticket in tickets)
        {
            if (_calls.TryRemove(ticket, out var call))
            {
                how(call);
            }
        }
    }
}
