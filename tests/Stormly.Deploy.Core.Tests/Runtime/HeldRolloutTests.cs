using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;
using static Stormly.Deploy.Runtime.RolloutCrash;

namespace Stormly.Deploy.Runtime;

/// <summary>Rollouts that the next start of the host application does not take up again, or not at once.</summary>
[Trait("Fault", "45")]
public class HeldRolloutTests
{
    private static readonly BackendUnavailableException Down = new("The Docker engine cannot be reached.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        await ComeUpAsync(bench, old.ServingRevision!, "what served before");

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
        await ComeUpAsync(bench, newer, "the newer revision");

        static void Never(PluginDeploymentOptions options) => options.Rollout.Resumes = 1;
    }

    /// <summary>Nothing of a registered plugin ever served, and its only revision ends the host application: no further start may try it by itself.</summary>
    [Fact]
    public async Task Crash_NothingEverServed_IsHeldByEveryFurtherStartUntilACall()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        Run();
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Refused;
        await bench.StartAsync();
        await bench.UntilAsync(() => KeptState.ComingOf(bench.State, "churn").Length > 0 && bench.Host.Running.Count == 1, "the rollout");
        await bench.CrashAsync();

        for (var start = 1; start <= 3; start++)
        {
            Run();
            await bench.StartAsync();
            await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Failed }, string.Create(CultureInfo.InvariantCulture, $"what start {start} makes of it"));
            await bench.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));
            Assert.Contains("died 1 time(s)", bench.Snapshot.Reason, StringComparison.Ordinal);
            Assert.Empty(bench.Host.Started);
            await bench.EndAsync();
        }

        Run();
        await bench.StartAsync();
        var now = await bench.PlayAsync(bench.Deployments.RedeployAsync("churn", Token));
        Assert.Equal(DeploymentPhase.Ready, now.Phase);
        await bench.EndAsync();
        Assert.Equal("", KeptState.ComingOf(bench.State, "churn"));

        void Run() => bench.Run(o => o.Rollout.Resumes = 0, b => b.AddPlugin("churn", bench.Plugin));
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task Restart_BackendAwayJustThen_TheRolloutIsTakenUpOnceItAnswers()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        var newer = await CrashWithinRolloutAsync(bench);
        var gate = HostGate.Run(bench);
        gate.FailSecondQuestion(Down);
        await ComeUpAsync(bench, newer, "the newer revision");

        Assert.True(gate.Questions > 2, "the backend was asked again");
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task Restart_BackendAwayJustThen_TheCanaryComesBackOnceItAnswers()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1, instances: 2));
        var canary = (await bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), cancellationToken: Token))).Canary!.Revision;
        await bench.EndAsync();
        var gate = HostGate.Run(bench);
        gate.FailSecondQuestion(Down);
        await bench.StartAsync();

        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Canary.RoutedPercent: > 0 }, "the canary");

        Assert.Equal(canary, bench.Snapshot.Canary!.Revision);
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task Restart_BackendAwayWhileTheFolderIsRead_WhatIsNewInItIsDeployedOnceItAnswers()
    {
        await using var bench = new DeploymentBench();
        var old = await bench.ServeFolderAsync();
        await bench.EndAsync();
        await bench.WriteFolderAsync(2);
        var gate = HostGate.Run(bench, build: b => b.AddPlugin("churn", bench.Plugin));
        gate.FailSecondQuestion(Down);
        await bench.StartAsync();

        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready } now && now.ServingRevision != old, "what lies in the folder");
    }

    /// <summary>Not every cause lies in the folder: what could not be used at the start is read again with every scan, as it is later.</summary>
    [Fact]
    public async Task Restart_FolderCannotBeUsedForAReasonOutsideIt_IsReadAgainAndDeployed()
    {
        await using var bench = new DeploymentBench();
        var old = await bench.ServeFolderAsync();
        await bench.EndAsync();
        await bench.WriteFolderAsync(2);
        var gate = HostGate.Run(bench, o => o.Follow.Enabled = true, b => b.AddPlugin("churn", bench.Plugin));
        gate.FailSecondQuestion(new PluginDeploymentException("The licence has run out."));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, Source.Problem: not null }, "what served before, and the word about the folder");
        Assert.Equal((old, "The licence has run out."), (bench.Snapshot.ServingRevision, bench.Snapshot.Source!.Problem));

        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready } now && now.ServingRevision != old, "what lies in the folder");
    }

    /// <summary>A start that did not get as far as taking a rollout up is no death over it, however it ended.</summary>
    [Fact]
    [Trait("Fault", "57")]
    public async Task Crash_WhileTheBackendIsAway_CountsForNothing()
    {
        await using var bench = new DeploymentBench().Run(Once);
        await bench.DeployAsync(bench.Source(1));
        var newer = await CrashWithinRolloutAsync(bench);
        for (var i = 0; i < 3; i++)
        {
            bench.Run(Once);
            bench.Host.Absence = Down;
            await bench.StartAsync();
            await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.BackingOff }, "the word that the backend is away");
            await bench.CrashAsync();
        }

        bench.Run(Once);
        await ComeUpAsync(bench, newer, "the newer revision");

        static void Once(PluginDeploymentOptions options) => options.Rollout.Resumes = 1;
    }

    [Fact]
    public async Task Restart_RegisteredFolderHoldsTheInterruptedRevision_TakesItUpBesideTheOldOne()
    {
        await using var bench = new DeploymentBench();
        var old = await bench.ServeFolderAsync();
        await bench.WriteFolderAsync(2);
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Refused;
        _ = bench.Deployments.RedeployAsync("churn", Token);
        await bench.UntilAsync(() => KeptState.ComingOf(bench.State, "churn").Length > 0 && bench.Host.Running.Count == 2, "the rollout");
        var newer = bench.Snapshot.WantedRevision!;
        await bench.CrashAsync();

        bench.RunFolder();
        await ComeUpAsync(bench, newer, "the newer revision");

        Assert.Equal([old, newer], bench.Host.Started.Select(i => i.Spec.Revision));
    }

    [Fact]
    public async Task Restart_RegisteredFolderHoldsAnotherRevision_DropsTheInterruptedOneWithAWord()
    {
        await using var bench = new DeploymentBench();
        var old = await bench.ServeFolderAsync();
        var newer = await CrashWithinRolloutAsync(bench);

        bench.RunFolder();
        await ComeUpAsync(bench, old, "what the folder holds");

        Assert.Contains(bench.Snapshot.Decisions, d => d.What == $"not take up the rollout of revision {newer.Short} again" && d.Why.Contains("folder holds another revision", StringComparison.Ordinal));
        await bench.EndAsync();
        Assert.Equal("", KeptState.ComingOf(bench.State, "churn"));
    }
}
