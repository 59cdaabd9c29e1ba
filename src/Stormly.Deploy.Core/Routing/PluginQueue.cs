using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>
/// Those who wait for an instance of one plugin, first come, first served. A request that need not wait touches no lock. No wake-up is lost: who
/// comes raises the count of the waiting and looks for an instance after that, who leaves gives the instance back and looks at the count after that.
/// </summary>
internal sealed class PluginQueue(PluginName plugin, RouteTable table, RoutingOptions options, TimeProvider time, RoutingMetrics metrics, Random random)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<QueueWaiter> _waiters = new();
    private readonly PluginDemand _demand = table.DemandOf(plugin, time);
    private int _waiting;

    public PluginName Plugin => plugin;

    public ServiceTime ServiceTime => _demand.Service;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Gets an instance at once or after a wait.</summary>
    /// <param name="tried">Targets that this request must not get again; such a request does not line up behind newer ones.</param>
    /// <param name="key">What keeps the request on one side of a canary; null for none.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    /// <returns>A lease or a refusal.</returns>
    public ValueTask<AcquireResult> AcquireAsync(ImmutableArray<RouteTarget> tried, string? key, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new(Cancelled);
        }

        if ((Waiting != 0 && tried.IsEmpty) || QueueRules.Decide(table.Find(plugin.Value), key, tried, options, this, random) is not { } answer)
        {
            return WaitAsync(tried, key, cancellationToken);
        }

        if (answer.Lease is not null)
        {
            _demand.Enter();
        }

        return new(answer);
    }

    /// <summary>Claims an instance for work that no caller waits for: only where nobody waits, and one of the revision is at most half used.</summary>
    /// <param name="revision">The revision.</param>
    /// <returns>The lease; null where there is none to spare.</returns>
    public SpareLease? TryAcquireSpare(RevisionId revision)
    {
        if (Waiting > 0 || table.Find(plugin.Value) is not { Availability: RouteAvailability.Serving } route)
        {
            return null;
        }

        var limit = Math.Max(1, (route.MaxRequestsPerInstance ?? options.MaxRequestsPerInstance) / 2);
        var idlest = route.Targets.Where(t => t.Revision == revision).MinBy(t => t.InFlight);
        return idlest?.TryClaim(limit) == true ? new SpareLease(idlest, this) : null;
    }

    /// <summary>A spare lease was given back.</summary>
    public void OnSpareReleased()
    {
        if (Waiting > 0)
        {
            Serve();
        }
    }

    /// <summary>A lease of this plugin was given back.</summary>
    public void OnReleased()
    {
        _demand.Leave();
        if (Waiting > 0)
        {
            Serve();
        }
    }

    /// <summary>Hands out what there is to those who wait, in their order.</summary>
    public void Serve()
    {
        lock (_gate)
        {
            Serve_NeedsLock();
        }
    }

    private static AcquireResult Cancelled => AcquireResult.Refused(AcquireRefusal.Cancelled, "The caller gave up.");

    private async ValueTask<AcquireResult> WaitAsync(ImmutableArray<RouteTarget> tried, string? key, CancellationToken cancellationToken)
    {
        _demand.Enter();
        var waiter = new QueueWaiter(tried, key, time.GetTimestamp());
        var answer = Join(waiter) ?? await WaitAsync(waiter, cancellationToken).ConfigureAwait(false);
        if (answer.Lease is null)
        {
            _demand.Leave();
        }

        return answer;
    }

    private async Task<AcquireResult> WaitAsync(QueueWaiter waiter, CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(_ => Leave(waiter, Cancelled), null);
        try
        {
            return await waiter.Answer.ConfigureAwait(false);
        }
        finally
        {
            waiter.Timer?.Dispose();
            await registration.DisposeAsync().ConfigureAwait(false);
        }
    }

    private AcquireResult? Join(QueueWaiter waiter)
    {
        lock (_gate)
        {
            var route = table.Find(plugin.Value);
            if (_waiters.Count >= options.QueueLength && route is not null)
            {
                return QueueRules.Full(route, _waiters.Count, ServiceTime.Seconds);
            }

            if (_waiters.Count == 0 || route?.Availability == RouteAvailability.ColdStart)
            {
                table.Tell(new RouteSignal(plugin, RouteSignalKind.Demand, null, "a request waits for an instance"));
            }

            waiter.Place = _waiters.AddLast(waiter);
            Interlocked.Increment(ref _waiting);
            metrics.Queued(plugin, 1);
            waiter.Timer = time.CreateTimer(_ => Expire(waiter), null, QueueRules.WaitLimit(route, waiter.Tried, options), Timeout.InfiniteTimeSpan);
            Serve_NeedsLock();
            return null;
        }
    }

    private void Serve_NeedsLock()
    {
        for (var place = _waiters.First; place is not null;)
        {
            var waiter = place.Value;
            place = place.Next;
            if (QueueRules.Decide(table.Find(plugin.Value), waiter.Key, waiter.Tried, options, this, random) is { } answer)
            {
                Answer_NeedsLock(waiter, answer);
            }
            else if (waiter.Tried.IsEmpty)
            {
                return;
            }
        }
    }

    private void Expire(QueueWaiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place is null)
            {
                return;
            }

            var route = table.Find(plugin.Value);
            var rest = QueueRules.WaitLimit(route, waiter.Tried, options) - time.GetElapsedTime(waiter.Since);
            if (rest > TimeSpan.Zero)
            {
                waiter.Timer!.Change(TimerWait.RoundUp(rest), Timeout.InfiniteTimeSpan);
                return;
            }

            Answer_NeedsLock(waiter, QueueRules.Expired(route, waiter.Tried, _waiters.Count, ServiceTime.Seconds));
        }
    }

    private void Leave(QueueWaiter waiter, AcquireResult answer)
    {
        lock (_gate)
        {
            if (waiter.Place is not null)
            {
                Answer_NeedsLock(waiter, answer);
            }
        }
    }

    private void Answer_NeedsLock(QueueWaiter waiter, AcquireResult answer)
    {
        _waiters.Remove(waiter.Place!);
        waiter.Place = null;
        Interlocked.Decrement(ref _waiting);
        metrics.Queued(plugin, -1);
        waiter.Complete(answer);
    }
}
