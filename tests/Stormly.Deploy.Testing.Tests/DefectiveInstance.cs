using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>A sound instance behind a wall.</summary>
internal class DefectiveInstance(IInstance sound) : IInstance
{
    public InstanceId Id => sound.Id;

    public virtual InstanceAddress Address => sound.Address;

    public virtual Task<InstanceExit> Exited => sound.Exited;

    protected IInstance Sound => sound;

    public virtual string ReadOutputTail() => sound.ReadOutputTail();

    public virtual ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken) => sound.CheckListenerAsync(cancellationToken);

    public virtual Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force) => sound.StopAsync(grace, force);

    public virtual ValueTask DisposeAsync() => sound.DisposeAsync();
}
