using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>
/// One instance as the data plane sees it. Open and in-flight count are one word, so that a claim can never slip in after the target was closed
/// and a drain never misses a request. A closed target stays closed: an instance that comes back gets a new one.
/// </summary>
internal sealed class RouteTarget
{
    private const int ClosedBit = 1 << 30;

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PluginEndpoint _endpoint;
    private RevisionId _revision;
    private int _state;
    private long _successes;
    private long _failures;
    private int _failuresInARow;
    private int _failureIsNews;
    private TrafficWindow? _window;

    public RouteTarget(InstanceId instance, RevisionId revision, InstanceAddress address, PluginEndpoint endpoint)
    {
        Instance = instance;
        _revision = revision;
        Address = address;
        _endpoint = endpoint;
    }

    public InstanceId Instance { get; }

    public RevisionId Revision => Volatile.Read(ref _revision);

    public InstanceAddress Address { get; }

    public PluginEndpoint Endpoint => Volatile.Read(ref _endpoint);

    /// <summary>What the side of a canary that it is on counts in; null where no canary is tried out. Written by the control plane.</summary>
    public TrafficWindow? Window
    {
        get => Volatile.Read(ref _window);
        set => Volatile.Write(ref _window, value);
    }

    /// <summary>Requests that hold this target now.</summary>
    public int InFlight => Volatile.Read(ref _state) & ~ClosedBit;

    public bool IsClosed => (Volatile.Read(ref _state) & ClosedBit) != 0;

    /// <summary>Completes when the target is closed and the last request that held it is done.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Changes how requests are checked, where the instance cannot tell the difference. Written by the control plane.</summary>
    /// <param name="revision">The revision that it belongs to from now on.</param>
    /// <param name="endpoint">The same path with another contract.</param>
    public void Use(RevisionId revision, PluginEndpoint endpoint)
    {
        Volatile.Write(ref _revision, revision);
        Volatile.Write(ref _endpoint, endpoint);
    }

    /// <summary>Takes the target for one request, in one step with the check that it may be taken.</summary>
    /// <param name="limit">The greatest number of requests at once.</param>
    /// <returns>False where it is closed or full. After true, <see cref="Release"/> must follow exactly once.</returns>
    public bool TryClaim(int limit)
    {
        var seen = Volatile.Read(ref _state);
        while ((seen & ClosedBit) == 0 && seen < limit)
        {
            var before = Interlocked.CompareExchange(ref _state, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Gives the target back after one request.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _state) == ClosedBit)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Lets no further request in. Idempotent.</summary>
    public void Close()
    {
        if (Interlocked.Or(ref _state, ClosedBit) is 0 or ClosedBit)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Notes how a request that held this target went.</summary>
    /// <param name="good">Whether the instance answered as it should.</param>
    /// <param name="took">How long a good answer took.</param>
    /// <returns>Whether the control plane should be told: of a failure, once until it has read the traffic.</returns>
    public bool NoteOutcome(bool good, TimeSpan took = default)
    {
        Window?.Add(good, took);
        if (good)
        {
            Interlocked.Increment(ref _successes);
            Volatile.Write(ref _failuresInARow, 0);
            return false;
        }

        Interlocked.Increment(ref _failures);
        Interlocked.Increment(ref _failuresInARow);
        return Interlocked.Exchange(ref _failureIsNews, 1) == 0;
    }

    /// <summary>What its requests have shown so far. Read by the control plane.</summary>
    /// <returns>The counts.</returns>
    public OutlierReading ReadTraffic()
    {
        Interlocked.Exchange(ref _failureIsNews, 0);
        return new OutlierReading(Interlocked.Read(ref _successes), Interlocked.Read(ref _failures), Volatile.Read(ref _failuresInARow));
    }
}
