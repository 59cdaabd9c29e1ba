using System.Runtime.CompilerServices;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>A sound backend behind a wall that changes what the library gets to see of it. Each defect overrides one member.</summary>
internal class DefectiveHost(IInstanceHost sound) : IInstanceHost
{
    private readonly ConditionalWeakTable<IInstance, DefectiveInstance> _instances = [];

    public string Kind => sound.Kind;

    public virtual InstanceHostCapabilities Capabilities => sound.Capabilities;

    protected IInstanceHost Sound => sound;

    public virtual ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken) => sound.CheckPlacementAsync(plan, cancellationToken);

    public virtual async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        var instance = await sound.StartAsync(spec, cancellationToken);
        return _instances.GetValue(instance, i => Wrap(i, spec));
    }

    public virtual Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken) => sound.RecoverAsync(request, cancellationToken);

    public virtual ValueTask DisposeAsync() => sound.DisposeAsync();

    protected virtual DefectiveInstance Wrap(IInstance instance, InstanceSpec spec) => new(instance);
}
