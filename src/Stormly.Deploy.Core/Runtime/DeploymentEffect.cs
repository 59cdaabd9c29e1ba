using System.Collections.Immutable;
using Stormly.Deploy.Health;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>What a controller is to do. None of it is waited for: whatever comes of it comes back as a <see cref="DeploymentEvent"/>.</summary>
internal abstract record DeploymentEffect
{
    private DeploymentEffect()
    {
    }

    public sealed record Start(InstanceId Id, RevisionId Revision) : DeploymentEffect;

    /// <summary>From now on these instances belong to a revision that they cannot tell from their own.</summary>
    public sealed record Relabel(ImmutableArray<InstanceId> Ids, RevisionId Revision) : DeploymentEffect;

    /// <summary>Give up a start that the backend has not finished.</summary>
    public sealed record CancelStart(InstanceId Id) : DeploymentEffect;

    /// <summary>Ask an instance for its status; <paramref name="Proving"/> where a 200 must come with proof of who listens.</summary>
    public sealed record Probe(InstanceId Id, TimeSpan Due, bool Proving, ListenerQuestion Question) : DeploymentEffect;

    /// <summary>Run the examples of its revision against an instance that is ready and takes no requests yet.</summary>
    public sealed record Verify(InstanceId Id) : DeploymentEffect;

    public sealed record Stop(InstanceId Id, bool Drain) : DeploymentEffect;

    /// <summary>Take an instance of an earlier run into the hands of this controller.</summary>
    public sealed record TakeOver(InstanceId Id, RevisionId Revision) : DeploymentEffect;

    /// <summary>Let an instance live on without the host application.</summary>
    public sealed record LetGo(InstanceId Id, bool Drain) : DeploymentEffect;

    public sealed record Record(DecisionKind Kind, string Subject, string What, string Why, DecisionBasis? Basis = null, bool Trouble = false) : DeploymentEffect;

    /// <summary>Store what is to come back after a restart of the host application (nothing yet where null), then let calls go.</summary>
    public sealed record Store(FleetGoal? Goal, ImmutableArray<long> Tickets) : DeploymentEffect;

    /// <summary>Store what is coming in, so that the next start of the host application takes it up again; null where nothing is.</summary>
    public sealed record Undertake(RolloutState? Rollout) : DeploymentEffect;

    /// <summary>Store that a pause or a canary of an earlier run does not come back any more.</summary>
    public sealed record Forgo(bool Pause, bool Canary) : DeploymentEffect;

    /// <summary>Store what became of the revisions, and remove those that are too many.</summary>
    public sealed record Remember(ImmutableArray<RevisionSnapshot> Revisions) : DeploymentEffect;

    /// <summary>Tell what the requests of both sides of the canary have shown.</summary>
    public sealed record ReadCanary(int Window, double Percentile) : DeploymentEffect;

    /// <summary>Delete what is stored, so that nothing comes back.</summary>
    public sealed record Forget : DeploymentEffect;

    /// <summary>Let calls go with an error: a failed instance, or words.</summary>
    public sealed record Refuse(ImmutableArray<long> Tickets, StartFailure? Failure, string Reason) : DeploymentEffect;

    /// <summary>Everything has ended.</summary>
    public sealed record Finish(bool Removed) : DeploymentEffect;
}
