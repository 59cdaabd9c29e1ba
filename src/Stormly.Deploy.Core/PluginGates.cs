using System.Collections.Concurrent;
using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>Lets changes of one plugin through one after the other, in the order in which they came to a decision; different plugins do not wait for each other.</summary>
internal sealed class PluginGates
{
    private readonly ConcurrentDictionary<PluginName, SemaphoreSlim> _gates = new();

    public async Task<IDisposable> EnterAsync(PluginName plugin, CancellationToken cancellationToken)
    {
        // Gates are never taken out again: there are as many as plugins that were ever named.
        var gate = _gates.GetOrAdd(plugin, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Pass(gate);
    }

    private sealed class Pass(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
