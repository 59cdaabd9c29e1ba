using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;
using static Stormly.Deploy.Runtime.RolloutCrash;

namespace Stormly.Deploy.Runtime;

/// <summary>Rollouts that the death of the host application cut short, and what its next start makes of them.</summary>
[Trait("Fault", "45")]
public class ResumedRolloutTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Crash_NothingLivesOn_WhatServedComesBackFirstAndTheNewerOneAfterIt()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1, instances: 2));
        var newer = await CrashWithinRolloutAsync(bench);

        bench.Run();
        await ComeUpAsync(bench, newer, "the newer revision");

        var starts = bench.Snapshot.Decisions.SkipWhile(d => d.Kind != DecisionKind.Recover).Where(d => d.Kind == DecisionKind.Start).Select(d => d.What.Split(' ')[^1]).ToList();
        Assert.Equal([old.ServingRevision!.Short, old.ServingRevision.Short, newer.Short, newer.Short], starts);
        Assert.Contains(bench.Snapshot.Decisions, d => d is { Kind: DecisionKind.Recover, Basis: not null } && d.What.StartsWith($"take up the rollout of revision {newer.Short} again with 2", StringComparison.Ordinal));
        await bench.EndAsync();
        Assert.Equal(("", $"{newer.Digest} 2"), (KeptState.ComingOf(bench.State, "churn"), KeptState.ServesOf(bench.State, "churn")));
    }

    [Fact]
    public async Task Crash_InstancesOfBothLiveOn_TheRolloutGoesOnWithThemAndNoneOfTheOldIsStarted()
    {
        await using var bench = new DeploymentBench().Run(Keep);
        var old = await bench.DeployAsync(bench.Source(1, instances: 3));
        var newer = await CrashWithinRolloutAsync(bench, ready: 1);
        var living = bench.Host.Running.Count;

        bench.Run(Keep);
        await ComeUpAsync(bench, newer, "the newer revision");

        Assert.True(living >= 3, $"{living} lived on");
        var starts = bench.Snapshot.Decisions.SkipWhile(d => d.Kind != DecisionKind.Recover).Where(d => d.Kind == DecisionKind.Start).ToList();
        Assert.All(starts, d => Assert.EndsWith(newer.Short, d.What, StringComparison.Ordinal));
        Assert.Contains(bench.Snapshot.Decisions, d => d.What == $"keep revision {old.ServingRevision!.Short} to go back to");
        Assert.Equal(3, bench.Snapshot.ReadyInstances);
    }

    [Fact]
    [Trait("Fault", "77")]
    public async Task Crash_TheNewerOneIsNoGood_IsGivenUpAsEverAndTheOldOneServesOn()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        var newer = await CrashWithinRolloutAsync(bench);

        bench.Run();
        bench.Host.OnStart = i =>
        {
            if (i.Spec.Revision == newer)
            {
                i.Exit(3);
            }
        };
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready } now && now.Revisions.Any(r => r.Failure is not null), "its end");

        Assert.True(Serves(bench, old.ServingRevision!));
        Assert.Contains("crash loop", bench.Snapshot.Revisions.Single(r => r.Id == newer).Failure, StringComparison.Ordinal);
        await bench.EndAsync();
        Assert.Equal("", KeptState.ComingOf(bench.State, "churn"));
    }

    [Fact]
    public async Task Crash_FirstDeployment_IsTakenUpAlthoughNothingServedBefore()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await CrashWithinRolloutAsync(bench, version: 1);

        bench.Run();
        await ComeUpAsync(bench, first, "the first revision");

        Assert.Contains(bench.Snapshot.Decisions, d => d.Why.Contains("nothing served before", StringComparison.Ordinal) && d.Kind == DecisionKind.Recover);
    }

    [Fact]
    public async Task Crash_WhilePaused_ComesInWhenItIsResumed()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1, instances: 2));
        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", Token));
        var newer = await CrashWithinRolloutAsync(bench, mayStart: false);

        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { ReadyInstances: 2 }, "what served before");
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));
        Assert.Equal((old.ServingRevision, newer, true), (bench.Snapshot.ServingRevision, bench.Snapshot.WantedRevision, bench.Snapshot.Paused));
        Assert.DoesNotContain(bench.Host.Started, i => i.Spec.Revision == newer);

        await bench.PlayAsync(bench.Deployments.ResumeAsync("churn", Token));
        await bench.UntilAsync(() => Serves(bench, newer), "the newer revision");
    }

    [Fact]
    public async Task Crash_WhileACanaryIsPromoted_IsARolloutLikeAnyOther()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1, instances: 2));
        var canary = (await bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), new CanarySpec { SharePercent = 50 }, Token))).Canary!.Revision;
        bench.Host.OnStart = Hang(canary);
        _ = bench.Deployments.PromoteAsync("churn", Token);
        await bench.UntilAsync(() => KeptState.ComingOf(bench.State, "churn").StartsWith(canary.Digest, StringComparison.Ordinal), "the promotion to be stored");
        await bench.CrashAsync();

        bench.Run();
        await ComeUpAsync(bench, canary, "the promoted revision");

        Assert.Null(bench.Snapshot.Canary);
    }

    [Fact]
    public async Task Restart_WhileTheOldOneComesBack_ADeployTakesThePlaceOfTheInterruptedOne()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        var newer = await CrashWithinRolloutAsync(bench);
        bench.Run();
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Refused;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Host.Running.Count == 1, "the old one's start");
        Assert.Contains($"the rollout of revision {newer.Short} is taken up again after that", bench.Snapshot.Reason, StringComparison.Ordinal);
        bench.Host.OnStart = _ => { };

        var newest = await bench.DeployAsync(bench.Source(3));

        Assert.Equal(newest.WantedRevision, newest.ServingRevision);
        Assert.DoesNotContain(bench.Host.Started, i => i.Spec.Revision == newer);
        Assert.Contains(bench.Snapshot.Decisions, d => d.What == $"not take up the rollout of revision {newer.Short} again");
    }

    /// <summary>A call that comes before anything else finds what is stored, and is not overtaken by it.</summary>
    [Fact]
    public async Task Restart_DeployedAtOnce_TheStoredRevisionIsKnownAndTheCallWins()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        await bench.EndAsync();
        bench.Run();

        var newer = await bench.DeployAsync(bench.Source(2));

        Assert.True(Serves(bench, newer.WantedRevision!));
        Assert.Contains(bench.Snapshot.Decisions, d => d.What.StartsWith($"deploy revision {newer.WantedRevision!.Short}", StringComparison.Ordinal) && d.Why.Contains(old.ServingRevision!.Short, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_TheOldOneDoesNotComeBack_TheNewerOneIsTriedAllTheSame()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        var newer = await CrashWithinRolloutAsync(bench);
        bench.Run();
        bench.Host.OnStart = Hang(old.ServingRevision!);
        await bench.StartAsync();

        await bench.UntilAsync(() => Serves(bench, newer), "the newer revision", TimeSpan.FromSeconds(1));

        Assert.Contains(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Recover && d.Why.Contains("0 of 1 instances", StringComparison.Ordinal));
    }

    private static void Keep(PluginDeploymentOptions options) => options.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash;
}
