using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

/// <summary>Statistics through the whole control plane: from requests and rows to status checks, pages and defaults, and over a restart.</summary>
public class StatisticsTests
{
    private const string Manifest = """
        {"stage": "initial", "metadata": {"features": {"feature_a": {"name": "Country", "type": "categorical", "nativeType": "string"}, "feature_b": {"nativeType": "integer", "mostCommon": 7}}}}
        """;

    [Fact]
    public async Task Requests_AnsweredWell_ReachStatusChecksPageAndDefaultsWithTheNextInterval()
    {
        await using var bench = Start(o => o.Requests.FillMissingFeatures = true);
        var revision = (await bench.DeployAsync(bench.Source())).ServingRevision;
        await SendAsync(bench, """{"feature_a": "NL", "feature_b": 1}""", 30);
        Assert.Equal(PluginOutcome.InvalidRequest, await AskAsync(bench, "{}"));

        await bench.UntilAsync(() => Describe(bench).Features[0].MostCommon?.ToString() == "\"NL\"", "what was learned");

        var description = Describe(bench);
        Assert.Equal(revision, description.Revision);
        Assert.Equal(("7", FeatureValueSource.Metadata), (description.Features[1].MostCommon.ToString(), description.Features[1].MostCommonFrom));
        var input = description.Explanation.Tabs[0].Inputs[0];
        Assert.Equal(("\"NL\"", FeatureValueSource.Requests), (input.Examples[0].ToString(), input.ExamplesFrom));
        var instance = Assert.Single(bench.Host.Started);
        await bench.UntilAsync(() => Last(instance).Contains("\"feature_a\":\"NL\"", StringComparison.Ordinal), "a status check with it");
        Assert.Contains("\"feature_b\":7", Last(instance), StringComparison.Ordinal);
        Assert.Equal(PluginOutcome.Ok, await AskAsync(bench, "{}"));
        Assert.Equal(revision, bench.Snapshot.ServingRevision);
        Assert.Equal(0, instance.Stops);
    }

    [Fact]
    public async Task Requests_RefusedFailedOrNotToBeLearnedFrom_AreNotLearned()
    {
        await using var bench = Start();
        await bench.DeployAsync(bench.Source());
        await SendAsync(bench, """{"feature_a": "NL"}""", 30);
        await SendAsync(bench, """{"feature_a": "NL", "feature_b": 1}""", 30, learn: false);
        bench.Host.Started[0].AnswerWith(InMemoryAnswer.Code(422));
        await SendAsync(bench, """{"feature_a": "NL", "feature_b": 1}""", 30);

        Assert.All(Statistics(bench).Get("churn"), s => Assert.Equal((0L, true), (s.Learned, s.IsLearned)));
    }

    [Fact]
    public async Task Restart_WhatWasLearned_IsThereBeforeTheFirstStatusCheck()
    {
        await using var bench = Start();
        await bench.DeployAsync(bench.Source());
        await SendAsync(bench, """{"feature_a": "NL", "feature_b": 1}""", 30);
        await SendAsync(bench, """{"feature_a": "one person's", "feature_b": 1}""", 1);
        await bench.EndAsync();
        var file = await File.ReadAllTextAsync(FileOf(bench), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("one person", file, StringComparison.Ordinal);

        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Host.Started is [{ StatusChecks.Count: > 0 }], "its first check");

        Assert.Contains("\"feature_a\":\"NL\"", Last(bench.Host.Started[0]), StringComparison.Ordinal);
        Assert.Equal(31, Statistics(bench).Get("churn")[0].Learned);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"version\": 2, \"plugin\": \"churn\", \"salt\": 1}")]
    [InlineData("{\"version\": 1, \"plugin\": \"other\", \"salt\": 1}")]
    [InlineData("{\"version\": 1, \"plugin\": \"chu")]
    public async Task Restart_BrokenFile_IsSetAsideAndStopsNothing(string content)
    {
        await using var bench = Start();
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(bench))!);
        await File.WriteAllTextAsync(FileOf(bench), content, TestContext.Current.CancellationToken);

        var snapshot = await bench.DeployAsync(bench.Source());

        Assert.Equal(DeploymentPhase.Ready, snapshot.Phase);
        Assert.True(File.Exists(FileOf(bench) + ".unreadable"));
    }

    [Fact]
    public async Task Restart_FileWithNonsenseInside_KeepsWhatIsGood()
    {
        await using var bench = Start();
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(bench))!);
        await File.WriteAllTextAsync(
            FileOf(bench),
            """
            {"version": 1, "plugin": "churn", "salt": 1, "learned": {"samples": -5, "features": {
              "feature_a": {"total": 99, "callers": 1023, "values": [{"json": "\"NL\"", "count": 90, "least": 90, "callers": 1023}, {"json": "{", "count": 99, "least": 99, "callers": 1023}, {"json": "12", "count": 99, "least": 99, "callers": 1023}]},
              "feature_gone": {"total": 1, "values": []},
              "feature_b": {"total": 50, "levels": [[1, 2, "NaN"]]}}}}
            """,
            TestContext.Current.CancellationToken);

        await bench.DeployAsync(bench.Source());

        Assert.Equal("\"NL\"", Assert.Single(Describe(bench).Features[0].Examples).ToString());
    }

    [Fact]
    public async Task RemoveAsync_Plugin_ForgetsWhatWasLearned()
    {
        await using var bench = Start();
        await bench.DeployAsync(bench.Source());
        await SendAsync(bench, """{"feature_a": "NL", "feature_b": 1}""", 30);
        await bench.UntilAsync(() => File.Exists(FileOf(bench)), "the file");

        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken));

        Assert.False(File.Exists(FileOf(bench)));
        Assert.Empty(Statistics(bench).Get("churn"));
        await bench.DeployAsync(bench.Source());
        Assert.Equal(0, Statistics(bench).Get("churn")[0].Learned);
    }

    [Fact]
    public async Task Learn_TurnedOffAtTheNextStart_DeletesWhatWasLearned()
    {
        await using var bench = Start();
        await bench.DeployAsync(bench.Source());
        await SendAsync(bench, """{"feature_a": "NL", "feature_b": 1}""", 30);
        await bench.EndAsync();

        bench.Run(o => o.Statistics.Learn = false);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the plugin");
        Assert.Null(Describe(bench).Features[0].MostCommon);
        await bench.UntilAsync(() => !File.ReadAllText(FileOf(bench)).Contains("NL", StringComparison.Ordinal), "the file without it");
    }

    [Fact]
    public async Task SetRowsAsync_Rows_WinAtOnceAndOverARestart()
    {
        await using var bench = Start();
        await bench.DeployAsync(bench.Source());
        var token = TestContext.Current.CancellationToken;

        var report = await Statistics(bench).SetRowsAsync("churn", Rows(["{\"feature_a\": \"DE\", \"feature_b\": 3, \"name\": \"Ann\"}", "[1]", "{\"feature_a\": \"x\\ud800\"}"], 10, token), token);

        Assert.Equal((10L, 20L, false), (report.Read, report.Skipped, report.More));
        Assert.Contains("[1]", report.FirstProblem, StringComparison.Ordinal);
        await bench.UntilAsync(() => Describe(bench).Features[0].MostCommon?.ToString() == "\"DE\"", "the rows");
        Assert.Equal(("3", FeatureValueSource.Rows), (Describe(bench).Features[1].MostCommon.ToString(), Describe(bench).Features[1].MostCommonFrom));
        Assert.DoesNotContain("Ann", await File.ReadAllTextAsync(FileOf(bench), token), StringComparison.Ordinal);

        await bench.EndAsync();
        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Services.GetRequiredService<IPluginDescriptions>().Get("churn") is not null, "the description");
        Assert.Equal("\"DE\"", Describe(bench).Features[0].MostCommon.ToString());

        await Statistics(bench).SetRowsAsync("churn", Rows(["{\"feature_a\": \"FR\"}"], 10, token), token);
        Assert.Equal(["\"FR\"", "7"], Statistics(bench).Get("churn").Select(s => s.MostCommon.ToString()));
    }

    [Fact]
    public async Task SetRowsAsync_UnknownPlugin_IsRefusedAndRowsThatThrowChangeNothing()
    {
        await using var bench = Start();
        var token = TestContext.Current.CancellationToken;
        await Assert.ThrowsAsync<PluginDeploymentException>(() => Statistics(bench).SetRowsAsync("churn", Rows([], 0, token), token));
        await bench.DeployAsync(bench.Source());
        await Statistics(bench).SetRowsAsync("churn", Rows(["{\"feature_a\": \"DE\"}"], 10, token), token);

        await Assert.ThrowsAsync<IOException>(() => Statistics(bench).SetRowsAsync("churn", Rows(["{\"feature_a\": \"FR\"}"], -10, token), token));

        Assert.Equal("\"DE\"", Statistics(bench).Get("churn")[0].MostCommon.ToString());
    }

    [Fact]
    public async Task AddFeatureRows_Source_IsReadAfterTheDeployAndAgainWhenDue()
    {
        await using var bench = new DeploymentBench { Manifest = Manifest }.Run(
            o => (o.Statistics.RowsInterval, o.Statistics.MaxRows) = (TimeSpan.FromHours(1), 25), b => b.AddFeatureRows<RowSource>());
        bench.Services.GetServices<IFeatureRows>().OfType<RowSource>().Single().Fill("DE");
        await bench.DeployAsync(bench.Source());
        await bench.UntilAsync(() => Describe(bench).Features[0].MostCommon?.ToString() == "\"DE\"", "the rows");
        Assert.Equal(25, Statistics(bench).Get("churn")[0].Rows);

        bench.Services.GetServices<IFeatureRows>().OfType<RowSource>().Single().Fill("FR");
        await bench.UntilAsync(() => Describe(bench).Features[0].MostCommon?.ToString() == "\"FR\"", "newer rows", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task AddFeatureRows_PluginRemovedAndDeployedAgain_IsReadAgainAtOnce()
    {
        await using var bench = new DeploymentBench { Manifest = Manifest }.Run(build: b => b.AddFeatureRows<RowSource>());
        bench.Services.GetServices<IFeatureRows>().OfType<RowSource>().Single().Fill("DE");
        await bench.DeployAsync(bench.Source());
        await bench.UntilAsync(() => Describe(bench).Features[0].MostCommon?.ToString() == "\"DE\"", "the rows");
        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken));

        await bench.DeployAsync(bench.Source());

        await bench.UntilAsync(() => Describe(bench).Features[0].MostCommon?.ToString() == "\"DE\"", "the rows again", within: TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task End_RowsThatDoNotComeToAnEnd_AreWaitedForOnlyWhileThereIsTime()
    {
        await using var bench = new DeploymentBench { Manifest = Manifest }.Run(build: b => b.AddFeatureRows<RowSource>());
        var source = bench.Services.GetServices<IFeatureRows>().OfType<RowSource>().Single();
        source.Never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await bench.DeployAsync(bench.Source());
        await bench.UntilAsync(() => source.Reads > 0, "the reading");
        using var force = new CancellationTokenSource();

        var end = bench.Services.GetRequiredService<PluginDeployments>().EndAsync(force.Token);
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Removed, "the end of the deployment");
        await force.CancelAsync();
        var (first, _) = (await Task.WhenAny(end, bench.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromSeconds(10))), source.Never.TrySetResult());

        Assert.Same(end, first);
        await end;
    }

    private static DeploymentBench Start(Action<PluginDeploymentOptions>? configure = null) => new DeploymentBench { Manifest = Manifest }.Run(configure);

    private static string Last(InMemoryInstance instance) => instance.StatusChecks.Last().Body;

    private static string FileOf(DeploymentBench bench) => Path.Combine(bench.State, "statistics", "churn.json");

    private static IPluginStatistics Statistics(DeploymentBench bench) => bench.Services.GetRequiredService<IPluginStatistics>();

    private static PluginDescription Describe(DeploymentBench bench) => bench.Services.GetRequiredService<IPluginDescriptions>().Get("churn")!;

    private static async Task SendAsync(DeploymentBench bench, string props, int times, bool learn = true)
    {
        for (var i = 0; i < times; i++)
        {
            var user = new EndUser { Address = new IPAddress([10, 0, 0, (byte)i]) };
            using var response = await bench.Services.GetRequiredService<IPluginClient>()
                .SendAsync("churn", Encoding.UTF8.GetBytes($"{{\"props\": {props}}}"), new PluginCallContext { EndUser = user, Learn = learn }, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<PluginOutcome> AskAsync(DeploymentBench bench, string props)
    {
        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", Encoding.UTF8.GetBytes($"{{\"props\": {props}}}"), null, TestContext.Current.CancellationToken);
        return response.Outcome;
    }

    /// <summary>Rows again and again; a negative number ends with an error.</summary>
    private static async IAsyncEnumerable<RawJson> Rows(string[] rows, int times, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < Math.Abs(times); i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in rows)
            {
                yield return RawJson.FromText(row);
            }
        }

        if (times < 0)
        {
            throw new IOException("the table is gone");
        }
    }

    private sealed class RowSource : IFeatureRows
    {
        private volatile string _value = "";

        /// <summary>A reading waits for this, whatever it is told.</summary>
        public TaskCompletionSource? Never { get; set; }

        public int Reads { get; private set; }

        public void Fill(string value) => _value = value;

        public async IAsyncEnumerable<RawJson> ReadAsync(string plugin, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Reads++;
            await (Never?.Task ?? Task.CompletedTask);
            await foreach (var row in Rows([$"{{\"feature_a\": \"{_value}\"}}"], 100, cancellationToken))
            {
                yield return row;
            }
        }
    }
}
