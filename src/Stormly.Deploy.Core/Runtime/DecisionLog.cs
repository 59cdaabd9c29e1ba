using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>The newest decisions of one deployment, those of earlier runs of the host application included. Owned by its controller's loop.</summary>
internal sealed class DecisionLog(PluginName plugin, int keep, ImmutableArray<DecisionRecord> earlier)
{
    /// <summary>The number of the newest one; 0 where there is none.</summary>
    public long Last { get; private set; } = earlier.IsEmpty ? 0 : earlier[^1].Sequence;

    public ImmutableArray<DecisionRecord> Newest { get; private set; } = earlier.Length <= keep ? earlier : earlier[^keep..];

    public DecisionRecord Add(DateTimeOffset at, DeploymentEffect.Record decision)
    {
        var record = new DecisionRecord(++Last, at, plugin, decision.Kind, decision.Subject, decision.What, decision.Why) { Basis = decision.Basis };
        Newest = Newest.Length < keep ? Newest.Add(record) : [.. Newest.Skip(1), record];
        return record;
    }
}
