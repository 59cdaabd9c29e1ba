using System.Collections.Concurrent;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Testing;

/// <summary>
/// The machine that in-memory instances live on, with its network. It outlives the host applications of a test: what one of them left running is found
/// by the next one's <see cref="InMemoryInstanceHost"/> of the same machine.
/// </summary>
public sealed class InMemoryMachine
{
    private readonly ConcurrentDictionary<InstanceAddress, InMemoryInstance> _living = new();
    private int _lastPort = 20000;

    /// <summary>Makes a machine that nothing runs on.</summary>
    public InMemoryMachine() => Caller = new InMemoryCaller(this);

    /// <summary>Everything that lives, whoever started it, oldest first.</summary>
    public IReadOnlyList<InMemoryInstance> Living => [.. _living.Values.OrderBy(i => i.Address.Port)];

    /// <summary>Calls the instances of this machine: in a container it takes the place of the library's own, which calls over TCP.</summary>
    public IInstanceCaller Caller { get; }

    /// <summary>The instance at an address; null where nothing lives there.</summary>
    internal InMemoryInstance? Find(InstanceAddress address) => _living.GetValueOrDefault(address);

    /// <summary>An address of its own for each instance. No socket listens there.</summary>
    internal InstanceAddress NextAddress() => new("memory", Interlocked.Increment(ref _lastPort));

    internal void Enter(InMemoryInstance instance) => _living[instance.Address] = instance;

    internal void Leave(InMemoryInstance instance) => _living.TryRemove(instance.Address, out _);
}
