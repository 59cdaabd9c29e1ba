using Stormly.Deploy.Model;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

/// <summary>A host application that dies in the middle of a rollout.</summary>
internal static class RolloutCrash
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Action<InMemoryInstance> Hang(RevisionId revision) => i =>
    {
        if (i.Spec.Revision == revision)
        {
            i.Status = InMemoryAnswer.Refused;
        }
    };

    public static bool Serves(DeploymentBench bench, RevisionId revision)
        => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready } now && now.ServingRevision == revision && now.WantedRevision == revision;

    /// <summary>Starts the run that was begun, and waits until that revision serves alone.</summary>
    public static async Task ComeUpAsync(DeploymentBench bench, RevisionId revision, string what)
    {
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, revision), what);
    }

    /// <summary>Deploys a revision, and kills the host application when so many instances of it are ready and another one is starting.</summary>
    public static async Task<RevisionId> CrashWithinRolloutAsync(
        DeploymentBench bench, int ready = 0, int version = 2, bool mayStart = true)
    {
        var started = 0;
        bench.Host.OnStart = i => i.Status = Interlocked.Increment(ref started) <= ready ? InMemoryAnswer.Ok : InMemoryAnswer.Refused;
        _ = bench.Deployments.DeployAsync(bench.Source(version), Token);
        await bench.UntilAsync(
            () => KeptState.ComingOf(bench.State, "churn").Length > 0 && (!mayStart || started > ready) && bench.Deployments.Get("churn") is { } now && (ready == 0 || now.Instances.Count(i => i.Revision == now.WantedRevision && i.Phase == InstancePhase.Ready) == ready),
            "the middle of the rollout");
        var revision = bench.Snapshot.WantedRevision!;
        await bench.CrashAsync();
        return revision;
    }
}
