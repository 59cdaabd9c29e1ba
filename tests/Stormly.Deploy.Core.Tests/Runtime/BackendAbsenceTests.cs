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

    private static async Task<DeploymentBench> AfterACrashAsync(HostEndAction action)
    {
        var bench = new DeploymentBench().Run(o => o.WhenHostEnds = action);
        await bench.DeployAsync(bench.Source(instances: 2));
        await bench.UntilAsync(() => Storage.InstanceNotes.ReadAll(Path.Combine(bench.State, "instances")).Count(n => n.Note.ReadyAt is not null) == 2, "the notes of both");
        await bench.CrashAsync();
        return bench;
    }

    private static async Task RunAbsentAsync(DeploymentBench bench, HostEndAction action)
    {
        bench.Run(o => o.WhenHostEnds = action);
        bench.Host.Absence = Down;
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.BackingOff }, "the word that the backend is away");
    }
}
