using System.Collections.Immutable;

namespace Stormly.Deploy.Routing;

/// <summary>One request in a plugin's queue. Its place in the queue is guarded by the queue's lock; its answer comes exactly once.</summary>
internal sealed class QueueWaiter(ImmutableArray<RouteTarget> tried, string? key, long since)
{
    private readonly TaskCompletionSource<AcquireResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<RouteTarget> Tried { get; } = tried;

    /// <summary>What keeps it on one side of a canary; null for none.</summary>
    public string? Key { get; } = key;

    /// <summary>When it began to wait: a timestamp of the clock.</summary>
    public long Since { get; } = since;

    /// <summary>Its place; null once it has its answer.</summary>
    public LinkedListNode<QueueWaiter>? Place { get; set; }

    public ITimer? Timer { get; set; }

    /// <summary>Never fails and is never cancelled: every end of the wait is an answer.</summary>
    public Task<AcquireResult> Answer => _answer.Task;

    public void Complete(AcquireResult result) => _answer.SetResult(result);
}
