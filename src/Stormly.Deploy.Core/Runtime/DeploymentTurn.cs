using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>One step of the machine while it is taken: the state as it becomes, and the effects that were decided so far.</summary>
internal sealed class DeploymentTurn(DeploymentState state, Moment now)
{
    private readonly ImmutableArray<DeploymentEffect>.Builder _effects = ImmutableArray.CreateBuilder<DeploymentEffect>();

    public DeploymentState State { get; set; } = state;

    public Moment Now { get; } = now;

    public ImmutableArray<DeploymentEffect> Effects => _effects.ToImmutable();

    public void Do(DeploymentEffect effect) => _effects.Add(effect);

    public void Record(DecisionKind kind, string subject, string what, string why, DecisionBasis? basis = null, bool trouble = false)
        => Do(new DeploymentEffect.Record(kind, subject, what, why, basis, trouble));

    public InstanceState? Find(InstanceId id) => State.Instances.FirstOrDefault(i => i.Id == id);

    public InstanceState Put(InstanceState instance)
    {
        var old = State.Instances.First(i => i.Id == instance.Id);
        State = State with { Instances = State.Instances.Replace(old, instance) };
        return instance;
    }

    public void Drop(InstanceState instance) => State = State with { Instances = State.Instances.RemoveAll(i => i.Id == instance.Id) };
}
