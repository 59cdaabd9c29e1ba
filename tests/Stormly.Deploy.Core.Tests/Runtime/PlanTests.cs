using System.Collections.Immutable;
using System.Text;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Plans;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

public class PlanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PlanAsync_NothingIsDeployed_IsADeployAndDoesNothing()
    {
        await using var bench = new DeploymentBench().Run();

        var plan = await bench.Deployments.PlanAsync(bench.Source(), Token);

        Assert.Equal(PlanAction.Deploy, plan.Action);
        Assert.Null(plan.Against);
        Assert.Equal((1, 0), (plan.Instances, plan.InstancesNow));
        Assert.NotNull(plan.Placement);
        Assert.Empty(plan.Http);
        Assert.Empty(bench.Deployments.List());
        Assert.Empty(bench.Host.Started);
        Assert.Empty(LeftBehind(bench));
        Assert.Equal(plan.Revision, (await bench.DeployAsync(bench.Source())).ServingRevision);
    }

    [Fact]
    public async Task PlanAsync_EveryKindOfChange_IsWhatTheDeployThenDoes()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(1, instances: 2));

        var same = await ProveAsync(bench, bench.Source(1), PlanAction.Nothing, starts: 0);
        Assert.Equal(first.ServingRevision, same.Revision);
        await ProveAsync(bench, bench.Source(1, instances: 3), PlanAction.Scale, starts: 1);
        await ProveAsync(bench, WithExplain(bench.Source(1), "a"), PlanAction.Page, starts: 0);
        await ProveAsync(bench, bench.Source(2), PlanAction.Deploy, starts: 3);
        var back = await ProveAsync(bench, bench.Source(1), PlanAction.Return, starts: 3);
        Assert.Equal(first.ServingRevision, back.Kept!.Id);
    }

    [Fact]
    public async Task PlanAsync_AnotherRevision_NamesEveryChangeWithItsStageAndHidesSecrets()
    {
        await using var bench = new DeploymentBench().Run();
        bench.Manifest = """{"stage": "initial", "downloadUrls": {"initial": "https://x/1"}, "metadata": {"features": {}, "rows": 100}}""";
        Write(bench, "old.bin", "1");
        Write(bench, "lib/model.bin", "1");
        var source = bench.Source() with { Environment = Variables(("TOKEN", "secret-1"), ("GONE", "1")) };
        var old = await bench.DeployAsync(source);
        bench.Manifest = """{"stage": "trainMore", "downloadUrls": {"initial": "https://x/2"}, "metadata": {"features": {}, "rows": 120}}""";
        File.Delete(Path.Combine(bench.Plugin, "old.bin"));
        Write(bench, "lib/model.bin", "2");
        Write(bench, "new\u001b.bin", "1");
        Write(bench, "__pycache__/server.pyc", "1");
        source = bench.Source() with
        {
            Results = bench.Source().Results.Add(new StageFile("trainMore", "results-trainMore.json", """{"http": {"port": 6000, "options": {"version": 2}}}"""u8.ToArray())),
            Environment = Variables(("TOKEN", "secret-2"), ("NEW", "1")),
        };

        var plan = await bench.Deployments.PlanAsync(source, Token);

        Assert.Equal(PlanAction.Deploy, plan.Action);
        Assert.Equal(old.ServingRevision, plan.Against);
        Assert.Equal(
            ["port initial trainMore /http/port: 5000 -> 6000", "options initial trainMore /http/options/version: 1 -> 2"],
            plan.Http.Select(h => $"{h.Key} {h.StageBefore} {h.StageAfter} {h.Values.Listed.Single()}"));
        Assert.Equal(["""/stage: "initial" -> "trainMore" """.TrimEnd(), "/metadata/rows: 100 -> 120"], plan.Manifest.Listed.Select(c => c.ToString()));
        Assert.Equal(["new\\u001b.bin"], plan.Files.Added);
        Assert.Equal(["old.bin"], plan.Files.Removed);
        Assert.Equal(["lib/model.bin"], plan.Files.Changed);
        Assert.Equal((1, 1, 1), (plan.Files.AddedCount, plan.Files.RemovedCount, plan.Files.ChangedCount));
        Assert.Equal([new("GONE", ChangeKind.Removed), new("NEW", ChangeKind.Added), new("TOKEN", ChangeKind.Changed)], plan.Environment);
        Assert.DoesNotContain("secret", plan.ToString(), StringComparison.Ordinal);
        Assert.Contains("http.port, set by trainMore (before: initial)", plan.ToString(), StringComparison.Ordinal);
        Assert.Equal(old.Version, bench.Snapshot.Version);
    }

    [Fact]
    public async Task PlanAsync_SourceIsWrongInManyWays_IsRefusedWithEveryProblem()
    {
        await using var bench = new DeploymentBench().Run();
        var source = bench.Source() with
        {
            Results = [new StageFile("initial", "results.json", """{"http": {"port": "5000", "statusPath": "status", "other": 1}}"""u8.ToArray())],
            Manifest = _ => throw new IOException("the line is down"),
            Environment = Variables(("PORT", "1")),
        };

        var plan = await bench.Deployments.PlanAsync(source, Token);

        Assert.Equal(PlanAction.Refuse, plan.Action);
        Assert.Null(plan.Revision);
        Assert.Null(plan.Placement);
        var text = plan.ToString();
        Assert.All(["/http/port", "/http/statusPath", "/http/requestPath", "/http/other", "the line is down", "/PORT"], part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Empty(LeftBehind(bench));
    }

    [Fact]
    public async Task PlanAsync_BackendCannotRunThatMany_IsRefusedWithItsReasonAndTheChanges()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        bench.Host.Placement = new PlacementAnswer { MaxInstances = 1, Reason = "its port occurs twice in startServerCmd" };

        var plan = await bench.Deployments.PlanAsync(bench.Source(2, instances: 2), Token);

        Assert.Equal(PlanAction.Refuse, plan.Action);
        Assert.Contains("its port occurs twice", plan.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, plan.Placement!.MaxInstances);
        Assert.Equal("options", Assert.Single(plan.Http).Key);
    }

    [Fact]
    public async Task PlanAsync_RevisionThatWasGivenUp_SaysSo()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        bench.Host.OnStart = static i => i.Exit(3);
        await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(bench.Source(2)));

        var plan = await bench.Deployments.PlanAsync(bench.Source(2), Token);

        Assert.Equal(PlanAction.Return, plan.Action);
        Assert.Contains("was given up before", plan.Reason, StringComparison.Ordinal);
        Assert.NotNull(plan.Kept!.Failure);
    }

    [Fact]
    public async Task PlanAsync_FolderIsGone_FailsWithItsPath()
    {
        await using var bench = new DeploymentBench().Run();

        var error = await Assert.ThrowsAsync<StorageException>(() => bench.Deployments.PlanAsync(bench.Source() with { Folder = bench.Plugin + "-gone" }, Token));

        Assert.Contains(bench.Plugin + "-gone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanAsync_CancelledAtEveryPoint_LeavesNothing()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        var before = LeftBehind(bench);
        using var early = new CancellationTokenSource();
        await early.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Deployments.PlanAsync(bench.Source(2), early.Token));

        using var late = new CancellationTokenSource();
        var source = bench.Source(2);
        source = source with
        {
            Manifest = async token =>
            {
                await late.CancelAsync();
                return await bench.Source(2).Manifest(token);
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Deployments.PlanAsync(source, late.Token));
        Assert.Equal(before, LeftBehind(bench));
    }

    [Fact]
    public void Listing_OfAFolderAndOfItsCopy_IsTheSame()
    {
        var home = Directory.CreateTempSubdirectory("stormly-plan-");
        var from = home.CreateSubdirectory("from");
        from.CreateSubdirectory("a/empty");
        from.CreateSubdirectory(".git/objects");
        File.WriteAllText(Path.Combine(from.FullName, "a", "x.py"), "x");
        File.WriteAllText(Path.Combine(from.FullName, "results.json"), "{}");
        File.WriteAllText(Path.Combine(from.FullName, "a", "results.json"), "{}");
        File.CreateSymbolicLink(Path.Combine(from.FullName, "link"), "a/x.py");
        FolderCopy.Copy(from.FullName, Path.Combine(home.FullName, "to"), PluginFiles.IsLeftOut, Token);

        var copied = FolderListing.Read(Path.Combine(home.FullName, "to"), null, Token);

        Assert.Equal(["a", "a/empty", "a/results.json", "a/x.py", "link"], copied.Select(e => e.Path));
        Assert.All(copied.Zip(FolderListing.Read(from.FullName, PluginFiles.IsLeftOut, Token)), pair => Assert.True(pair.First.Path == pair.Second.Path && pair.First.IsLike(pair.Second)));
        home.Delete(recursive: true);
    }

    /// <summary>Plans, then deploys, and sees that the plan was right.</summary>
    private static async Task<DeploymentPlan> ProveAsync(DeploymentBench bench, PluginSource source, PlanAction expected, int starts)
    {
        var before = bench.Host.Started.Count;
        var plan = await bench.Deployments.PlanAsync(source, Token);
        Assert.Equal(expected, plan.Action);
        Assert.Equal(before, bench.Host.Started.Count);

        var done = await bench.DeployAsync(source);

        Assert.Equal(plan.Revision, done.ServingRevision);
        Assert.Equal(plan.Instances, done.ReadyInstances);
        Assert.Equal(starts, bench.Host.Started.Count - before);
        return plan;
    }

    private static PluginSource WithExplain(PluginSource source, string input)
    {
        var result = Encoding.UTF8.GetString(source.Results[0].Utf8.Span).Replace("\"options\"", $"\"explain\": {{\"inputs\": {{\"{input}\": {{}}}}}}, \"options\"", StringComparison.Ordinal);
        return source with { Results = [new StageFile("initial", "results.json", Encoding.UTF8.GetBytes(result))] };
    }

    private static ImmutableDictionary<string, string> Variables(params (string Name, string Value)[] variables)
        => variables.ToImmutableDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);

    private static void Write(DeploymentBench bench, string path, string text)
    {
        var file = Path.Combine(bench.Plugin, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Folders only: what became of a revision is written down a moment after its deploy has ended.</summary>
    private static List<string> LeftBehind(DeploymentBench bench)
        => [.. new[] { "revisions", "deployments", "instances" }.SelectMany(f => Directory.GetDirectories(Path.Combine(bench.State, f), "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)];
}
