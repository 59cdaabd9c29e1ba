using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>What a controller may learn. Everything that happens to a deployment reaches it as one of these, one after the other.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(DeployWanted), nameof(DeployWanted))]
[JsonDerivedType(typeof(Pruned), nameof(Pruned))]
[JsonDerivedType(typeof(Restored), nameof(Restored))]
[JsonDerivedType(typeof(Unusable), nameof(Unusable))]
[JsonDerivedType(typeof(Absent), nameof(Absent))]
[JsonDerivedType(typeof(ScaleWanted), nameof(ScaleWanted))]
[JsonDerivedType(typeof(Allowed), nameof(Allowed))]
[JsonDerivedType(typeof(Demand), nameof(Demand))]
[JsonDerivedType(typeof(PauseWanted), nameof(PauseWanted))]
[JsonDerivedType(typeof(ResumeWanted), nameof(ResumeWanted))]
[JsonDerivedType(typeof(CanaryWanted), nameof(CanaryWanted))]
[JsonDerivedType(typeof(CanaryShareWanted), nameof(CanaryShareWanted))]
[JsonDerivedType(typeof(PromoteWanted), nameof(PromoteWanted))]
[JsonDerivedType(typeof(AbortWanted), nameof(AbortWanted))]
[JsonDerivedType(typeof(CanaryRead), nameof(CanaryRead))]
[JsonDerivedType(typeof(RemoveWanted), nameof(RemoveWanted))]
[JsonDerivedType(typeof(StopWanted), nameof(StopWanted))]
[JsonDerivedType(typeof(Launched), nameof(Launched))]
[JsonDerivedType(typeof(LaunchFailed), nameof(LaunchFailed))]
[JsonDerivedType(typeof(Exited), nameof(Exited))]
[JsonDerivedType(typeof(Probed), nameof(Probed))]
[JsonDerivedType(typeof(Verified), nameof(Verified))]
[JsonDerivedType(typeof(Troubled), nameof(Troubled))]
[JsonDerivedType(typeof(TrafficFailed), nameof(TrafficFailed))]
[JsonDerivedType(typeof(Drained), nameof(Drained))]
[JsonDerivedType(typeof(Ended), nameof(Ended))]
[JsonDerivedType(typeof(SourceSeen), nameof(SourceSeen))]
[JsonDerivedType(typeof(SourceKept), nameof(SourceKept))]
[JsonDerivedType(typeof(Renewed), nameof(Renewed))]
[JsonDerivedType(typeof(Adopted), nameof(Adopted))]
[JsonDerivedType(typeof(LetGone), nameof(LetGone))]
[JsonDerivedType(typeof(Noted), nameof(Noted))]
[JsonDerivedType(typeof(TakenUp), nameof(TakenUp))]
[JsonDerivedType(typeof(RolloutHeld), nameof(RolloutHeld))]
[JsonDerivedType(typeof(Forgone), nameof(Forgone))]
[JsonDerivedType(typeof(Tick), nameof(Tick))]
internal abstract record DeploymentEvent
{
    private DeploymentEvent()
    {
    }

    /// <summary>A revision is to be deployed; <paramref name="Tickets"/> names the calls that wait for it; <paramref name="Back"/> where somebody goes back to it.</summary>
    public sealed record DeployWanted(FleetGoal Goal, ImmutableArray<long> Tickets, bool KeepTrying, bool Back = false) : DeploymentEvent;

    /// <summary>These revisions are not kept any more.</summary>
    public sealed record Pruned(ImmutableArray<RevisionId> Removed) : DeploymentEvent;

    /// <summary>
    /// After a start of the host application: this is what served before. It is only something to go back to where <paramref name="Serve"/> is false; rollouts wait where they were
    /// <paramref name="Paused"/>, <paramref name="Canary"/> goes on, and <paramref name="Rollout"/> comes in again.
    /// </summary>
    public sealed record Restored(FleetGoal Goal, bool Serve = true, bool Paused = false, CanaryWanted? Canary = null, TakenUp? Rollout = null) : DeploymentEvent;

    /// <summary>
    /// A rollout was under way when the host application ended, and is taken up again for the <paramref name="Times"/>th time; <paramref name="Paused"/> where rollouts were held then,
    /// which counts where nothing served before: else <see cref="Restored"/> says so.
    /// </summary>
    public sealed record TakenUp(FleetGoal Goal, bool KeepTrying, int Times, bool Paused = false) : DeploymentEvent;

    /// <summary>
    /// A rollout was under way when the host application ended, and is not taken up again; its revision has <paramref name="Failed"/> where that is its fault. It stays stored where it
    /// is held <paramref name="ForGood"/>: nothing else says to the next start that it must not be tried by itself.
    /// </summary>
    public sealed record RolloutHeld(RevisionId Revision, string Why, bool Failed, bool ForGood = false) : DeploymentEvent;

    /// <summary>What stood when the host application ended does not come back, with this start or a later one: a <paramref name="Pause"/>, a <paramref name="Canary"/>.</summary>
    public sealed record Forgone(bool Pause, RevisionId? Canary, string Why) : DeploymentEvent;

    /// <summary>Nothing can be deployed, and nothing was stored.</summary>
    public sealed record Unusable(string Reason) : DeploymentEvent;

    /// <summary>Nothing can be brought up yet, because the backend cannot be had; it is asked again.</summary>
    public sealed record Absent(string Reason) : DeploymentEvent;

    /// <summary>
    /// Another number is wanted: <paramref name="Wanted"/>, or where it is to follow the load what lies in <paramref name="Range"/>. The ceiling is that of
    /// revision <paramref name="Of"/>; null means of whichever is wanted.
    /// </summary>
    public sealed record ScaleWanted(int Wanted, int Ceiling, string CeilingReason, ImmutableArray<long> Tickets, ScaleRange? Range = null, RevisionId? Of = null) : DeploymentEvent;

    /// <summary>This is its part of the machine from now on.</summary>
    public sealed record Allowed(MachineShare Share) : DeploymentEvent;

    /// <summary>Time has passed, or a request waits: this is the demand now.</summary>
    public sealed record Demand(DemandReading Reading) : DeploymentEvent;

    /// <summary>No revision is to take the place of another until it is resumed.</summary>
    public sealed record PauseWanted(ImmutableArray<long> Tickets) : DeploymentEvent;

    public sealed record ResumeWanted(ImmutableArray<long> Tickets) : DeploymentEvent;

    /// <summary>A revision is to be tried out, or has been before the host application ended (<paramref name="Back"/>); its goal's number does not matter.</summary>
    public sealed record CanaryWanted(FleetGoal Goal, CanarySpec Spec, ImmutableArray<long> Tickets, bool Back = false) : DeploymentEvent;

    /// <summary>The canary is to get another share.</summary>
    public sealed record CanaryShareWanted(double SharePercent, ImmutableArray<long> Tickets) : DeploymentEvent;

    /// <summary>The canary is to take the place of what serves.</summary>
    public sealed record PromoteWanted(ImmutableArray<long> Tickets) : DeploymentEvent;

    public sealed record AbortWanted(string? Reason, ImmutableArray<long> Tickets) : DeploymentEvent;

    /// <summary>What the requests of both sides have shown since the canary's share was routed for the <paramref name="Window"/>th time.</summary>
    public sealed record CanaryRead(int Window, TrafficFigures Canary, TrafficFigures Stable) : DeploymentEvent;

    public sealed record RemoveWanted : DeploymentEvent;

    public sealed record StopWanted : DeploymentEvent;

    /// <summary>The backend has started an instance.</summary>
    public sealed record Launched(InstanceId Id, string Address) : DeploymentEvent;

    /// <summary>A start came to nothing, and nothing of it runs.</summary>
    public sealed record LaunchFailed(StartFailure Failure) : DeploymentEvent;

    public sealed record Exited(InstanceId Id, InstanceExit Exit) : DeploymentEvent;

    public sealed record Probed(InstanceId Id, ProbeReport Report, string OutputTail = "") : DeploymentEvent;

    /// <summary>The examples of its revision were run against an instance.</summary>
    public sealed record Verified(InstanceId Id, ExampleOutcome Outcome, string OutputTail = "") : DeploymentEvent;

    /// <summary>A request met a refused or broken connection.</summary>
    public sealed record Troubled(InstanceId Id, string Detail) : DeploymentEvent;

    /// <summary>An instance failed requests; this is all that its traffic has shown since it joined the routing.</summary>
    public sealed record TrafficFailed(InstanceId Id, OutlierReading Reading) : DeploymentEvent;

    /// <summary>An instance that leaves has finished its requests, or its time for them is over.</summary>
    public sealed record Drained(InstanceId Id) : DeploymentEvent;

    /// <summary>Nothing of an instance runs any more, or <paramref name="Problem"/> says what does.</summary>
    public sealed record Ended(InstanceId Id, string? Problem) : DeploymentEvent;

    /// <summary>The folder that the deployment follows was looked at, with something for the timeline where there is something new; <paramref name="Trouble"/> where an operator must see it.</summary>
    public sealed record SourceSeen(SourceSnapshot? Source, string? What = null, string Why = "", bool Trouble = false) : DeploymentEvent;

    /// <summary>What is stored of the source has changed.</summary>
    public sealed record SourceKept : DeploymentEvent;

    /// <summary>Somebody wants to know that everything before this was taken in. Changes nothing.</summary>
    public sealed record Questioned(TaskCompletionSource Answer) : DeploymentEvent;

    /// <summary>More is known of the features of a revision than before. The machine does not see it: nothing that it decides depends on it.</summary>
    public sealed record Renewed(RevisionId Revision) : DeploymentEvent;

    /// <summary>The backend has taken an instance of an earlier run over; <paramref name="ServedBefore"/> where it took requests there.</summary>
    public sealed record Adopted(InstanceId Id, RevisionId Revision, string Address, DateTimeOffset StartedAt, bool ServedBefore) : DeploymentEvent;

    /// <summary>An instance lives on without the host application.</summary>
    public sealed record LetGone(InstanceId Id) : DeploymentEvent;

    /// <summary>Something for the timeline that was found outside the controller; <paramref name="Trouble"/> where an operator must see it.</summary>
    public sealed record Noted(DecisionKind Kind, string Subject, string What, string Why, bool Trouble = false) : DeploymentEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : DeploymentEvent;
}
