using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

/// <summary>Instances that outlive the host application, and its next run.</summary>
public class AdoptionTests
{
    [Fact]
    [Trait("Fault", "45")]
    public async Task Crash_KeepPluginsAfterCrash_TheSameInstancesServeAndNoneIsStarted()
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        var before = await bench.DeployAsync(bench.Source(instances: 3));
        await ReadyNotedAsync(bench, 3);
        var old = bench.Host.Running;
        await bench.CrashAsync();

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Equal(3, bench.Host.Started.Count);
        Assert.Equal(old, bench.Host.Started);
        Assert.Equal(before.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Equal(before.Instances.Select(i => $"{i.Id} {i.Address}").Order(StringComparer.Ordinal), bench.Snapshot.Instances.Select(i => $"{i.Id} {i.Address}").Order(StringComparer.Ordinal));
        Assert.Equal(3, bench.Routes.Find("churn")!.Targets.Length);
        Assert.All(old, i => Assert.True(Directory.Exists(i.Spec.WorkFolder)));
        Assert.Equal(3, bench.Snapshot.Decisions.Count(d => d.Kind == DecisionKind.Recover && d.What.StartsWith("take ", StringComparison.Ordinal)));

        // From now on they are as any other: one that ends is replaced.
        bench.Host.Started[0].Kill();
        await bench.UntilAsync(() => bench.Host.Started.Count == 4 && bench.Snapshot.ReadyInstances == 3, "its substitute");
    }

    [Fact]
    [Trait("Fault", "45")]
    public async Task Crash_Default_NothingIsTakenOver()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 2));
        Assert.All(bench.Host.Started, i => Assert.False(i.Spec.OutlivesHost));
        Assert.All(bench.Host.Started, i => Assert.False(File.Exists(Path.Combine(i.Spec.Folder, InstanceNote.Name))));
        await bench.CrashAsync();

        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Empty(bench.Host.Recoveries[^1].Adopt);
        Assert.All(bench.Host.Started, i => Assert.Equal(0, i.Adoptions));
        Assert.Equal(2, bench.Host.Started.Count);
    }

    [Theory]
    [InlineData(HostEndAction.KeepPlugins)]
    [InlineData(HostEndAction.KeepPluginsAfterCrash)]
    public async Task Start_BackendCannotTakeOver_SaysWhichSettingAndBackend(HostEndAction action)
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = action);
        bench.Host.Capabilities = new InstanceHostCapabilities();

        var error = await Assert.ThrowsAsync<BackendUnavailableException>(bench.StartAsync);

        Assert.Contains($"WhenHostEnds is {action}", error.Message, StringComparison.Ordinal);
        Assert.Contains("backend 'memory'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlannedStop_KeepPlugins_LeavesThemRunningForTheNextRunAndRemoveEndsThem()
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        await bench.DeployAsync(bench.Source(instances: 2));
        var old = bench.Host.Running;

        await bench.EndAsync();

        Assert.All(old, i => Assert.True(i.IsLetGo));
        Assert.All(old, i => Assert.Equal(0, i.Stops));
        Assert.All(old, i => Assert.True(Directory.Exists(i.Spec.WorkFolder)));
        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");
        Assert.Equal(old, bench.Host.Started);

        Assert.True(await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken)));
        Assert.All(bench.Host.Started, i => Assert.Equal(1, i.Stops));
        Assert.Empty(bench.Host.Running);
        Assert.Empty(Directory.GetDirectories(Path.Combine(bench.State, "instances")));
    }

    [Fact]
    public async Task PlannedStop_KeepPluginsAfterCrash_EndsThem()
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.DeployAsync(bench.Source(instances: 2));

        await bench.EndAsync();

        Assert.Empty(bench.Host.Running);
        Assert.All(bench.Host.Started, i => Assert.Equal(1, i.Stops));
        Assert.Empty(Directory.GetDirectories(Path.Combine(bench.State, "instances")));
    }

    [Fact]
    [Trait("Fault", "20")]
    public async Task Survivor_NeverAnswersAgain_TakesNoRequestAndIsReplaced()
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.DeployAsync(bench.Source(instances: 2));
        await ReadyNotedAsync(bench, 2);
        var hung = bench.Host.Started[0];
        hung.Freeze();
        await bench.CrashAsync();

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Routes.Find("churn")?.Targets.Length == 1, "the one that answers");
        var begun = bench.Clock.GetUtcNow();
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready && bench.Snapshot.Instances.Length == 2, "the substitute", TimeSpan.FromMilliseconds(250));

        Assert.Equal(3, bench.Host.Started.Count);
        var adopted = bench.Host.Started.Single(i => i == hung);
        Assert.Equal(1, adopted.Stops);
        Assert.DoesNotContain(bench.Routes.Find("churn")!.Targets, t => t.Instance == adopted.Id);

        // Three checks of 5 s, as for one that serves, and not the five minutes that a start may take.
        Assert.True(bench.Clock.GetUtcNow() - begun < TimeSpan.FromMinutes(1), $"It took {bench.Clock.GetUtcNow() - begun}.");
        Assert.Contains(bench.Snapshot.Decisions, d => d.Why.Contains("within 15 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Survivor_StillStartingWhenTheHostWasKilled_GetsTheWholeStartDeadline()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash, b => b.AddPlugin("churn", bench.Plugin));
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Code(503);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Host.Started.Count == 1 && bench.Host.Started[0].StatusChecks.Count > 2, "the start");
        await bench.CrashAsync();

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash, b => b.AddPlugin("churn", bench.Plugin));
        await bench.StartAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));
        var only = Assert.Single(bench.Host.Started);
        Assert.Equal(1, only.Adoptions);
        Assert.Empty(bench.Routes.Find("churn")!.Targets);

        only.Status = InMemoryAnswer.Ok;
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the end of its start");
        Assert.Single(bench.Host.Started);
    }

    [Fact]
    [Trait("Fault", "76")]
    public async Task Restart_TheFolderHasChanged_TheOldOnesServeWhileTheNewRevisionComesIn()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash, b => b.AddPlugin("churn", bench.Plugin, o => o.Instances = 3));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the first revision");
        await ReadyNotedAsync(bench, 3);
        await bench.CrashAsync();
        await bench.WriteFolderAsync(2);

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash, b => b.AddPlugin("churn", bench.Plugin, o => o.Instances = 3));
        await bench.StartAsync();
        var (least, serving) = (int.MaxValue, false);
        await bench.UntilAsync(
            () =>
            {
                var targets = bench.Routes.Find("churn")?.Targets.Length ?? 0;
                serving |= targets == 3;
                least = serving ? Math.Min(least, targets) : least;
                return serving && bench.Snapshot is { Phase: DeploymentPhase.Ready, Instances.Length: 3 } now && now.ServingRevision == now.WantedRevision && bench.Host.Started.Count == 6;
            },
            "the exchange");

        Assert.Equal(3, least);
        Assert.Equal(3, bench.Host.Started.Count(i => i.Adoptions > 0));
        Assert.Equal(4, bench.Host.MostAtOnce);
        Assert.All(bench.Host.Started.Where(i => i.Adoptions > 0), i => Assert.Equal(1, i.Stops));
    }

    [Fact]
    public async Task Crash_DuringARollout_OldAndNewAreTakenOverAndTheExchangeComesToAnEnd()
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.DeployAsync(bench.Source(1, instances: 2));
        await ReadyNotedAsync(bench, 2);
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Code(503);
        var call = bench.Deployments.DeployAsync(bench.Source(2), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Host.Started.Count == 3 && bench.Host.Started[2].StatusChecks.Count > 0, "the first instance of the new revision");
        bench.Host.Started[2].Status = InMemoryAnswer.Ok;
        bench.Host.OnStart = i => i.Freeze();
        await bench.UntilAsync(() => bench.Host.Started.Count == 4, "the second instance of the new revision");
        await bench.UntilAsync(() => Notes(bench).Count(n => n.ReadyAt is not null) >= 2, "the notes");
        var living = bench.Host.Running.ToHashSet();
        await bench.CrashAsync();
        await Assert.ThrowsAsync<PluginDeploymentException>(() => call);

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.StartAsync();
        Assert.Equal(living, bench.Host.Started.ToHashSet());
        await bench.UntilAsync(() => bench.Routes.Find("churn")?.Targets.Length >= 1, "those that served");
        await bench.UntilAsync(() => bench.Snapshot is { Phase: DeploymentPhase.Ready, ReadyInstances: 2, Instances.Length: 2 }, "the end of the exchange", TimeSpan.FromMilliseconds(250));

        Assert.Single(bench.Snapshot.Instances.Select(i => i.Revision).Distinct());
        Assert.True(bench.Host.MostAtOnce <= 3, $"{bench.Host.MostAtOnce} lived at once.");
        Assert.All(bench.Host.Started, i => Assert.InRange(i.Stops, 0, 1));
    }

    [Theory]
    [InlineData("nothing is stored")]
    [InlineData("revision is gone")]
    [InlineData("torn")]
    [InlineData("empty")]
    [InlineData("impossible")]
    public async Task Survivor_ThatNobodyWants_IsEndedWithANote(string kind)
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        await bench.DeployAsync(bench.Source());
        var old = Assert.Single(bench.Host.Running);
        await bench.EndAsync();
        var note = Path.Combine(old.Spec.Folder, InstanceNote.Name);
        switch (kind)
        {
            case "nothing is stored": File.Delete(KeptState.JournalOf(bench.State, "churn")); break;
            case "revision is gone": Directory.Delete(Path.Combine(bench.State, "revisions"), recursive: true); break;
            case "torn": File.WriteAllText(note, File.ReadAllText(note)[..40]); break;
            case "empty": File.WriteAllText(note, ""); break;
            default: File.WriteAllText(note, File.ReadAllText(note).Replace("\"plugin\": \"churn\"", "\"plugin\": \"../churn\"", StringComparison.Ordinal)); break;
        }

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        await bench.StartAsync();

        Assert.Empty(bench.Host.Recoveries[^1].Adopt);
        Assert.True(old.IsGone);
        Assert.False(Directory.Exists(old.Spec.Folder));
    }

    [Fact]
    public async Task Survivor_OfAPluginThatCannotBeDeployedAnyMore_IsEndedWithARecord()
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        await bench.DeployAsync(bench.Source(instances: 2));
        await bench.EndAsync();

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPlugins);
        bench.Host.Placement = new PlacementAnswer { MaxInstances = 0, Reason = "its port is fixed" };
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Host.Started.Count == 2 && bench.Host.Running.Count == 0, "the end of both");

        Assert.Contains(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Stop && d.Why.Contains("nothing of the plugin can be deployed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PageChange_ThenCrash_TheSurvivorIsOneOfTheNewRevision()
    {
        await using var bench = new DeploymentBench().Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.DeployAsync(bench.Source());
        var source = bench.Source();
        var results = System.Text.Encoding.UTF8.GetString(source.Results[0].Utf8.Span).Replace("\"port\": 5000", "\"explain\": {\"title\": \"x\"}, \"port\": 5000", StringComparison.Ordinal);
        var after = await bench.DeployAsync(source with { Results = [source.Results[0] with { Utf8 = System.Text.Encoding.UTF8.GetBytes(results) }] });
        Assert.Single(bench.Host.Started);
        await bench.UntilAsync(() => Notes(bench).Single().Revision == after.WantedRevision!.Digest, "the note");
        await bench.CrashAsync();

        bench.Run(o => o.WhenHostEnds = HostEndAction.KeepPluginsAfterCrash);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Equal(1, Assert.Single(bench.Host.Started).Adoptions);
        Assert.Equal(after.WantedRevision, bench.Snapshot.ServingRevision);
    }

    private static IEnumerable<InstanceNote> Notes(DeploymentBench bench) => InstanceNotes.ReadAll(Path.Combine(bench.State, "instances")).Select(n => n.Note);

    /// <summary>That an instance served is noted soon, not at once.</summary>
    private static Task ReadyNotedAsync(DeploymentBench bench, int count) => bench.UntilAsync(() => Notes(bench).Count(n => n.ReadyAt is not null) == count, "the notes");
}
