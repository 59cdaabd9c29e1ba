using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

/// <summary>A pause and a canary that stood when the host application died: they come back, or it is said why not.</summary>
[Trait("Fault", "45")]
public class RecoveredPauseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Nothing else would serve, so all of it comes back; the next revision waits as it was told to.</summary>
    [Fact]
    public async Task Crash_FirstRolloutIsPaused_ComesBackAsAWholeAndIsPausedStill()
    {
        await using var bench = new DeploymentBench().Run();
        await BeginAsync(bench, 1, instances: 2);
        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", Token));
        await bench.CrashAsync();

        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { ReadyInstances: 2, Paused: true, Phase: DeploymentPhase.Paused }, "all of the first revision, paused");
        var newer = bench.Deployments.DeployAsync(bench.Source(2), Token);
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));

        Assert.False(newer.IsCompleted);
        Assert.All(bench.Snapshot.Instances, i => Assert.NotEqual(bench.Snapshot.WantedRevision, i.Revision));
        await bench.PlayAsync(bench.Deployments.ResumeAsync("churn", Token));
        var now = await bench.PlayAsync(newer);
        Assert.Equal((now.WantedRevision, false), (now.ServingRevision, now.Paused));
    }

    /// <summary>What is written of a held rollout before anything has come back must not say that nothing is paused.</summary>
    [Fact]
    public async Task Crash_PausedAndTheRolloutIsHeld_IsPausedStillAfterTheNextDeath()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", Token));
        await BeginAsync(bench, 2);
        await bench.CrashAsync();

        for (var run = 0; run < 2; run++)
        {
            bench.Run(o => o.Rollout.Resumes = 0);
            await bench.StartAsync();
            await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, ReadyInstances: 1 } && KeptState.ComingOf(bench.State, "churn").Length == 0, "what served before");
            Assert.Equal((old.ServingRevision, true), (bench.Snapshot.ServingRevision, bench.Snapshot.Paused));
            await bench.CrashAsync();
        }
    }

    [Fact]
    public async Task Crash_NothingOfWhatWasPausedComesBack_SaysSo()
    {
        await using var bench = new DeploymentBench().Run();
        await BeginAsync(bench, 1);
        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", Token));
        await bench.CrashAsync();

        bench.Run(o => o.Rollout.Resumes = 0);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Failed, "its end");

        Assert.False(bench.Snapshot.Paused);
        Assert.Contains(bench.Snapshot.Decisions, d => d.What == "not hold back rollouts any more" && d.Why.Contains("comes back", StringComparison.Ordinal));
    }

    /// <summary>Its files are gone or spoilt: that is said once, and no later start tries again.</summary>
    [Fact]
    public async Task Start_FilesOfTheCanaryCannotBeRead_SaysSoOnceAndForgetsIt()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        var canary = (await TryOutAsync(bench)).Canary!.Revision;
        await bench.EndAsync();
        Directory.Delete(FilesOf(bench, canary), recursive: true);

        for (var run = 0; run < 2; run++)
        {
            bench.Run();
            await bench.StartAsync();
            await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, ReadyInstances: 1 }, "what served");
            await bench.CrashAsync();
        }

        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready }, "what served");
        Assert.Equal((old.ServingRevision, null), (bench.Snapshot.ServingRevision, bench.Snapshot.Canary));
        var told = Assert.Single(bench.Snapshot.Decisions, d => d.What.StartsWith("not bring the canary", StringComparison.Ordinal));
        Assert.Equal((DecisionKind.Recover, $"not bring the canary of revision {canary.Short} back"), (told.Kind, told.What));
        Assert.Contains(canary.Digest, told.Why, StringComparison.Ordinal);
    }

    /// <summary>What a decision says to be over does not come back once the files can be read again; what served does.</summary>
    [Fact]
    public async Task Start_FilesOfWhatServedCannotBeRead_ForgoesPauseAndCanaryAndKeepsWhatServed()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        var canary = (await TryOutAsync(bench)).Canary!.Revision;
        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", Token));
        await bench.EndAsync();
        var (files, away) = (FilesOf(bench, old.ServingRevision!), $"{bench.State}-away");
        Directory.Move(files, away);

        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Failed, "its failure");
        Assert.Contains(bench.Snapshot.Decisions, d => d.What == "not hold back rollouts any more");
        Assert.Contains(bench.Snapshot.Decisions, d => d.What == $"not bring the canary of revision {canary.Short} back" && d.Why.Contains("comes back", StringComparison.Ordinal));
        await bench.EndAsync();

        Directory.Move(away, files);
        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, ReadyInstances: 1 }, "what served");
        Assert.Equal((old.ServingRevision, false, null), (bench.Snapshot.ServingRevision, bench.Snapshot.Paused, bench.Snapshot.Canary));
    }

    /// <summary>The backend can run fewer by now: the canary is told to be over, and stays so.</summary>
    [Fact]
    public void Restored_NoRoomForTheCanaryAnyMore_IsStoredWithoutIt()
    {
        var canary = new DeploymentEvent.CanaryWanted(MachineWorld.Goal(2, wanted: 1), new CanarySpec(), [], Back: true);

        var world = new MachineWorld().Tell(new DeploymentEvent.Restored(MachineWorld.Goal(1, wanted: 1, ceiling: 1), Canary: canary));

        Assert.Null(world.State.Canary);
        Assert.Contains(world.Decisions, d => d.StartsWith($"not try revision {MachineWorld.Revision(2).Short} out", StringComparison.Ordinal));
        Assert.Equal(MachineWorld.Revision(1), Assert.Single(world.Stored).Goal!.Revision);
    }

    /// <summary>Found by the simulation: an instance of a still older revision, none of which ever served as a whole, lives on and is the only one that takes requests.</summary>
    [Fact]
    public void TakenUp_PausedAndAnInstanceOfAnotherRevisionLivesOn_ItIsKeptWhateverIsDeployedMeanwhile()
    {
        var world = new MachineWorld { Status = (n, _) => n == 1 ? 200 : 0 };
        world.Tell(new DeploymentEvent.Adopted(new("churn-old"), MachineWorld.Revision(1), "127.0.0.1:20000", DateTimeOffset.UnixEpoch, ServedBefore: true));
        world.Tell(new DeploymentEvent.TakenUp(MachineWorld.Goal(2, wanted: 2), KeepTrying: false, Times: 1, Paused: true)).Run(TimeSpan.FromSeconds(20));
        world.WatchReady();

        world.Deploy(3, wanted: 5).Run(TimeSpan.FromSeconds(20));

        // Whether the backend can run more than one of its revision nobody knows any more.
        Assert.DoesNotContain(world.State.Instances, i => i.Revision == MachineWorld.Revision(1) && i.Id.Value != "churn-old");
        Assert.Equal(1, world.LeastReady);
        Assert.Equal("churn-old", Assert.Single(world.Ready).Id.Value);
    }

    private static Task<DeploymentSnapshot> TryOutAsync(DeploymentBench bench) => bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), null, Token));

    private static string FilesOf(DeploymentBench bench, RevisionId revision) => Directory.GetDirectories(Path.Combine(bench.State, "revisions", "churn"), $"{revision.Digest[..12]}*").Single();

    /// <summary>Deploys a revision that does not become ready, until its rollout is stored.</summary>
    private static async Task BeginAsync(DeploymentBench bench, int version, int? instances = null)
    {
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Refused;
        _ = bench.Deployments.DeployAsync(bench.Source(version, instances), Token);
        await bench.UntilAsync(() => KeptState.ComingOf(bench.State, "churn").Length > 0, "the rollout to be stored");
    }
}
