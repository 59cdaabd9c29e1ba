using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>What the last run of the host application left of a deployment.</summary>
internal sealed record RecalledDeployment
{
    public static RecalledDeployment Nothing { get; } = new();

    public DeploymentDocument Document { get; init; } = new();

    /// <summary>The newest decisions, the oldest of them first.</summary>
    public ImmutableArray<DecisionRecord> Decisions { get; init; } = [];

    /// <summary>Whether the last run may have decided more than was stored: it did not end as planned.</summary>
    public bool MayLackDecisions => Problem is null && !Decisions.IsEmpty && Document.Ended != Decisions[^1].Sequence;

    /// <summary>What served; null where nothing did, or it cannot be read any more.</summary>
    public StoredRevision? Revision { get; init; }

    /// <summary>What was coming in; null where nothing was, or it cannot be read any more.</summary>
    public StoredRevision? Coming { get; init; }

    /// <summary>Whether the store keeps what cannot be trusted untouched until a new document is written.</summary>
    public bool Refused { get; init; }

    /// <summary>Why it does not come back as it was; null where it does.</summary>
    public string? Problem { get; init; }
}
