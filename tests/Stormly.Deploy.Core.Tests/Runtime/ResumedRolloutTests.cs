using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;

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
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, newer), "the newer revision");

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
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, newer), "the newer revision");

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
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, first), "the first revision");

        Assert.Contains(bench.Snapshot.Decisions, d => d.Why.Contains("nothing served before", StringComparison.Ordinal) && d.Kind == DecisionKind.Recover);
    }

    /// <summary>A revision that takes the host application with it each time it starts.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Crash_AgainAndAgain_IsHeldAfterAsManyTimesAsAreAllowed(int resumes)
    {
        await using var bench = new DeploymentBench().Run(Configure);
        var old = await bench.DeployAsync(bench.Source(1));
        var newer = await CrashWithinRolloutAsync(bench);
        for (var time = 1; time <= resumes; time++)
        {
            bench.Run(Configure);
            bench.Host.OnStart = Hang(newer);
            await bench.StartAsync();
            await bench.UntilAsync(() => bench.Host.Running.Any(i => i.Spec.Revision == newer), string.Create(CultureInfo.InvariantCulture, $"start {time}"));
            await bench.CrashAsync();
        }

        bench.Run(Configure);
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, old.ServingRevision!), "what served before");

        Assert.DoesNotContain(bench.Host.Started, i => i.Spec.Revision == newer);
        Assert.Contains(bench.Snapshot.Decisions, d => d.What == $"not take up the rollout of revision {newer.Short} again" && d.Why.Contains($"died {resumes + 1} time(s)", StringComparison.Ordinal));
        Assert.Contains("deploy it by a call", bench.Snapshot.Revisions.Single(r => r.Id == newer).Failure, StringComparison.Ordinal);

        // A call tries it once more.
        Assert.Equal(newer, (await bench.DeployAsync(bench.Source(2))).ServingRevision);

        void Configure(PluginDeploymentOptions options) => options.Rollout.Resumes = resumes;
    }

    [Fact]
    public async Task PlannedStop_WithinARollout_TellsTheCallerAndCountsForNothing()
    {
        await using var bench = new DeploymentBench().Run(Never);
        await bench.DeployAsync(bench.Source(1));
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Refused;
        var call = bench.Deployments.DeployAsync(bench.Source(2), Token);
        await bench.UntilAsync(() => bench.Host.Running.Count == 2, "the new instance");
        var newer = bench.Snapshot.WantedRevision!;
        await bench.EndAsync();
        Assert.Contains("goes on with its next start", (await Assert.ThrowsAsync<PluginDeploymentException>(() => call)).Message, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            bench.Run(Never);
            bench.Host.OnStart = Hang(newer);
            await bench.StartAsync();
            await bench.UntilAsync(() => bench.Host.Running.Any(i => i.Spec.Revision == newer), "the new instance");
            await bench.EndAsync();
        }

        bench.Run(Never);
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, newer), "the newer revision");

        static void Never(PluginDeploymentOptions options) => options.Rollout.Resumes = 1;
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
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, canary), "the promoted revision");

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

    [Fact]
    public async Task Restart_RegisteredFolderHoldsTheInterruptedRevision_TakesItUpBesideTheOldOne()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the first revision");
        var old = bench.Snapshot.ServingRevision!;
        await bench.WriteFolderAsync(2);
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Refused;
        _ = bench.Deployments.RedeployAsync("churn", Token);
        await bench.UntilAsync(() => KeptState.ComingOf(bench.State, "churn").Length > 0 && bench.Host.Running.Count == 2, "the rollout");
        var newer = bench.Snapshot.WantedRevision!;
        await bench.CrashAsync();

        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, newer), "the newer revision");

        Assert.Equal([old, newer], bench.Host.Started.Select(i => i.Spec.Revision));
    }

    [Fact]
    public async Task Restart_RegisteredFolderHoldsAnotherRevision_DropsTheInterruptedOneWithAWord()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the first revision");
        var old = bench.Snapshot.ServingRevision!;
        var newer = await CrashWithinRolloutAsync(bench);

        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await bench.StartAsync();
        await bench.UntilAsync(() => Serves(bench, old), "what the folder holds");

        Assert.Contains(bench.Snapshot.Decisions, d => d.What == $"not take up the rollout of revision {newer.Short} again" && d.Why.Contains("folder holds another revision", StringComparison.Ordinal));
        await bench.EndAsync();
        Assert.Equal("", KeptState.ComingOf(bench.State, "churn"));
    }

    private static void Keep(PluginDeploymentOptions options) => options.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash;

    private static Action<InMemoryInstance> Hang(RevisionId revision) => i =>
    {
        if (i.Spec.Revision == revision)
        {
            i.Status = InMemoryAnswer.Refused;
        }
    };

    private static bool Serves(DeploymentBench bench, RevisionId revision)
        => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready } now && now.ServingRevision == revision && now.WantedRevision == revision;

    /// <summary>Deploys a revision, and kills the host application when so many instances of it are ready and another one is starting.</summary>
    private static async Task<RevisionId> CrashWithinRolloutAsync(
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
