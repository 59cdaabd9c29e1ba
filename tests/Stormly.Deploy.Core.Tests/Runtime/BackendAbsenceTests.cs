using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>The backend cannot be had when the host application starts: an engine that is down, while containers of an earlier run may live or not.</summary>
public class BackendAbsenceTests
{
    private static readonly BackendUnavailableException Down = new("The Docker engine cannot be reached. Tried: unix:///var/run/docker.sock.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Fault", "57")]
    public async Task Start_BackendAway_TheHostApplicationStartsAndSaysSo()
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPluginsAfterCrash);

        await RunAbsentAsync(bench, HostEndAction.KeepPluginsAfterCrash);

        Assert.Equal(DeploymentPhase.BackingOff, bench.Snapshot.Phase);
        Assert.Contains("the backend cannot be had, and is asked again and again: The Docker engine cannot be reached", bench.Snapshot.Reason, StringComparison.Ordinal);
        Assert.Single(bench.Snapshot.Decisions, d => d.What == "wait for the backend");
        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", """{"props": {}}"""u8.ToArray(), null, Token);
        Assert.Equal(PluginOutcome.Unavailable, response.Outcome);
        Assert.NotNull(response.RetryAfter);
        var refused = await Assert.ThrowsAsync<BackendUnavailableException>(() => bench.Deployments.DeployAsync(bench.Source(2), Token));
        Assert.Contains("comes back by itself", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BackendUnavailableException>(() => bench.Deployments.RemoveAsync("churn", Token));
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Empty(bench.Host.Started);
        Assert.InRange(bench.Host.Recoveries.Count, 10, 20);
    }

    [Fact]
    [Trait("Fault", "57")]
    [Trait("Fault", "61")]
    public async Task Start_BackendComesBack_WhatLivesOnIsTakenOverAndNothingIsDoubled()
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPluginsAfterCrash);
        await RunAbsentAsync(bench, HostEndAction.KeepPluginsAfterCrash);

        bench.Host.Absence = null;
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Equal([1, 1], bench.Host.Started.Select(i => i.Adoptions));
        Assert.Equal(2, bench.Host.MostAtOnce);
        await bench.DeployAsync(bench.Source(2, instances: 2));
        await bench.UntilAsync(() => bench.Snapshot.Instances.Length == 2, "the end of the old ones");
        Assert.Equal(2, bench.Host.Running.Count);
    }

    [Fact]
    [Trait("Fault", "57")]
    [Trait("Fault", "61")]
    public async Task Start_BackendComesBack_WhatIsNotWantedIsSweptBeforeAnythingStarts()
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPluginsAfterCrash);
        await RunAbsentAsync(bench, HostEndAction.EndPlugins);
        var living = 0;
        bench.Host.OnStart = _ => living = Math.Max(living, bench.Host.Machine.Living.Count);

        bench.Host.Absence = null;
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Equal([0, 0], bench.Host.Started.Select(i => i.Adoptions));
        Assert.Equal(2, living);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(bench.State, "instances")).Length);
    }

    [Fact]
    [Trait("Fault", "60")]
    public async Task Start_NothingToRecoverAndBackendAway_ThePluginComesUpOnceItAnswers()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        bench.Host.Absence = Down;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.BackingOff }, "the word that the backend is away");

        bench.Host.Absence = null;
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the plugin");

        Assert.Single(bench.Host.Started);
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task End_WhileTheBackendIsAway_EndsAtOnceAndKeepsWhatIsStored()
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPluginsAfterCrash);
        await RunAbsentAsync(bench, HostEndAction.KeepPluginsAfterCrash);

        await bench.EndAsync();
        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Equal([1, 1], bench.Host.Started.Select(i => i.Adoptions));
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task Start_TakingOverFailsInAnotherWay_IsSaidAndTriedAgain()
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPluginsAfterCrash);
        var gate = await RunAbsentAsync(bench, HostEndAction.KeepPluginsAfterCrash);
        var failures = 2;
        gate.BeforeRecovery = _ => Interlocked.Decrement(ref failures) >= 0 ? Task.FromException(new IOException("No space left on device.")) : Task.CompletedTask;

        bench.Host.Absence = null;
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Contains(bench.Snapshot.Decisions, d => d.What == "wait for the backend" && d.Why.Contains("No space left on device.", StringComparison.Ordinal));
        Assert.Equal([1, 1], bench.Host.Started.Select(i => i.Adoptions));
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task End_WhileTheBackendIsAskedAgain_GivesUpWithoutAnError()
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPlugins);
        var gate = await RunAbsentAsync(bench, HostEndAction.KeepPlugins);
        var asked = new TaskCompletionSource();
        gate.BeforeRecovery = token =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        await bench.UntilAsync(() => asked.Task.IsCompleted, "the backend to be asked again");

        await bench.EndAsync();

        Assert.Equal(2, bench.Host.Machine.Living.Count);
    }

    /// <summary>Between taking containers over and handing them to their controllers the host application begins to end.</summary>
    [Theory]
    [Trait("Fault", "57")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_WhileContainersAreTakenOver_TheyLiveOn(bool forced)
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPlugins);
        var gate = await RunAbsentAsync(bench, HostEndAction.KeepPlugins);
        var (taken, report) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        gate.AfterRecovery = () =>
        {
            taken.TrySetResult();
            return report.Task;
        };
        bench.Host.Absence = null;
        await bench.UntilAsync(() => taken.Task.IsCompleted, "the containers to be taken over");

        using var force = new CancellationTokenSource();
        var end = bench.Services.GetRequiredService<PluginDeployments>().EndAsync(force.Token);
        if (forced)
        {
            await force.CancelAsync();
            await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Removed }, "the controller's end");
        }

        report.SetResult();
        await bench.UntilAsync(() => end.IsCompleted, "the end");
        await end;
        await bench.UntilAsync(() => bench.Host.Running.All(i => i.IsLetGo), "both to be let go");
        await bench.Services.DisposeAsync();

        Assert.Equal((2, 0), (bench.Host.Machine.Living.Count, bench.Host.Started.Sum(i => i.Stops)));
        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the deployment to come back");
        Assert.Equal([2, 2], bench.Host.Started.Select(i => i.Adoptions));
    }

    /// <summary>The end gives up what still asks the backend: that is no reason to end what is to be kept.</summary>
    [Fact]
    [Trait("Fault", "57")]
    public async Task End_WhileADeploymentIsBroughtUp_WhatWasTakenOverLivesOn()
    {
        await using var bench = await AfterACrashAsync(HostEndAction.KeepPlugins);
        var gate = HostGate.Run(bench, o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        using var over = new ManualResetEventSlim();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        gate.BeforePlacement = token =>
        {
            gate.BeforePlacement = static _ => Task.CompletedTask;
            token.Register(() =>
            {
                answer.TrySetCanceled(token);
                over.Wait(Token);
            });
            asked.SetResult();
            return answer.Task;
        };
        await bench.StartAsync();
        await bench.UntilAsync(() => asked.Task.IsCompleted, "the question to the backend");

        var end = Task.Run(() => bench.EndAsync(), Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Task.WaitAsync(Token));

        // A plan waits for the gate that a deployment is brought up in.
        await bench.Deployments.PlanAsync(bench.Source(1), Token);
        Assert.DoesNotContain(bench.Snapshot.Decisions, d => d.What == "deploy nothing");
        over.Set();
        await end;

        Assert.All(bench.Host.Running, i => Assert.True(i.IsLetGo));
        Assert.Equal((2, 0), (bench.Host.Machine.Living.Count, bench.Host.Started.Sum(i => i.Stops)));
    }

    /// <summary>The backend is away while a deployment is brought up, and somebody deploys when it is back, before that is tried again.</summary>
    [Fact]
    [Trait("Fault", "57")]
    public async Task Deploy_BeforeADeploymentIsBroughtUpAgain_IsNotOvertakenByWhatIsStored()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        await bench.EndAsync();
        var gate = HostGate.Run(bench);
        gate.BeforePlacement = _ => Task.FromException(Down);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.BackingOff, "the word that the backend is away");
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        gate.BeforePlacement = _ =>
        {
            gate.BeforePlacement = static _ => Task.CompletedTask;
            asked.SetResult();
            return answer.Task;
        };

        var deploy = bench.Deployments.DeployAsync(bench.Source(2), Token);
        await asked.Task.WaitAsync(Token);
        await bench.PassAsync(TimeSpan.FromSeconds(10));
        answer.SetResult();
        var deployed = await bench.PlayAsync(deploy);
        await bench.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(deployed.WantedRevision, bench.Snapshot.ServingRevision);
        Assert.Equal([deployed.WantedRevision], bench.Host.Started.Select(i => i.Spec.Revision));
    }

    private static async Task<DeploymentBench> AfterACrashAsync(HostEndAction action)
    {
        var bench = new DeploymentBench().Run(o => o.WhenHostEnds = action);
        await bench.DeployAsync(bench.Source(instances: 2));
        await bench.UntilAsync(() => Storage.InstanceNotes.ReadAll(Path.Combine(bench.State, "instances")).Count(n => n.Note.ReadyAt is not null) == 2, "the notes of both");
        await bench.CrashAsync();
        return bench;
    }

    private static async Task<HostGate> RunAbsentAsync(DeploymentBench bench, HostEndAction action)
    {
        var gate = HostGate.Run(bench, o => o.WhenHostEnds = action);
        bench.Host.Absence = Down;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.BackingOff }, "the word that the backend is away");
        return gate;
    }
}
