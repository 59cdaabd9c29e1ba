using System.Collections.Concurrent;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.TestSupport;

/// <summary>A backend without processes: what its instances do is set by the test, at their start or while they run.</summary>
public sealed partial class InMemoryInstanceHost(TimeProvider time) : IInstanceHost
{
    private readonly ConcurrentDictionary<string, InMemoryInstance> _running = new();
    private readonly ConcurrentQueue<InMemoryInstance> _started = new();
    private static int _port = 20000;
    private int _live;
    private int _mostLive;

    public string Kind => "memory";

    public InstanceHostCapabilities Capabilities { get; set; } = new() { Adoption = true };

    /// <summary>Says how each instance behaves; by default it answers 200 at once.</summary>
    public Action<InMemoryInstance> OnStart { get; set; } = static _ => { };

    /// <summary>Thrown by the next starts; null lets them be.</summary>
    public Func<InstanceSpec, Exception?> StartError { get; set; } = static _ => null;

    /// <summary>How long a start takes.</summary>
    public TimeSpan StartDelay { get; set; }

    public PlacementAnswer Placement { get; set; } = PlacementAnswer.Unlimited;

    public HostRecoveryReport Recovery { get; set; } = HostRecoveryReport.Empty;

    /// <summary>Every instance that was ever started, oldest first.</summary>
    public IReadOnlyList<InMemoryInstance> Started => [.. _started];

    public IReadOnlyList<InMemoryInstance> Running => [.. _started.Where(i => !i.IsGone)];

    /// <summary>The greatest number of instances that lived at once.</summary>
    public int MostLive => Volatile.Read(ref _mostLive);

    public int Recoveries { get; private set; }

    public InMemoryInstance? Find(InstanceAddress address) => _running.GetValueOrDefault(address.ToString());

    public InMemoryInstance Find(InstanceId id) => _started.First(i => i.Id == id);

    public ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken) => new(Placement);

    public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        if (StartError(spec) is { } error)
        {
            throw error;
        }

        if (StartDelay > TimeSpan.Zero)
        {
            await Task.Delay(StartDelay, time, cancellationToken);
        }

        var instance = new InMemoryInstance(this, spec, new InstanceAddress("127.0.0.1", Interlocked.Increment(ref _port)), time);
        Max(ref _mostLive, Interlocked.Increment(ref _live));
        _running[instance.Address.ToString()] = instance;
        _started.Enqueue(instance);
        OnStart(instance);
        return instance;
    }

    public Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
    {
        Recoveries++;
        return Task.FromResult(Recover(request));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal void OnGone(InMemoryInstance instance)
    {
        if (_running.TryRemove(instance.Address.ToString(), out _))
        {
            Interlocked.Decrement(ref _live);
        }
    }

    private static void Max(ref int place, int value)
    {
        var seen = Volatile.Read(ref place);
        while (value > seen && Interlocked.CompareExchange(ref place, value, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}
