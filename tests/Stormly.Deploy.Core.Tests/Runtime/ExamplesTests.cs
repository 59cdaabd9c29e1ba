using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

/// <summary>Examples through the whole control plane: before a promotion, in the background, by a call, and over a restart.</summary>
public class ExamplesTests
{
    private const string Explain = """{"output": [{"score": 0.5}], "inputs": {"a": {"examples": [1, 2]}, "o": {"required": false, "examples": ["x"]}}}""";

    [Fact]
    public async Task DeployAsync_Block_OneExampleFails_OldServesOnAndTheErrorNamesIt()
    {
        await using var bench = Start(o => o.Examples.BeforePromotion = ExampleCheck.Block);
        bench.Host.OnStart = i => i.Answer = r => InMemoryAnswer.Json("""{"score": 1}""");
        var old = await bench.DeployAsync(Source(bench, 1));
        bench.Host.OnStart = i =>
        {
            i.Answer = r => r.Body.Contains("\"a\":2", StringComparison.Ordinal) ? InMemoryAnswer.Code(500, "Traceback: KeyError\n") : InMemoryAnswer.Json("""{"score": 1}""");
            i.Write("KeyError: 'a'");
        };

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(Source(bench, 2)));

        Assert.Contains("the example \"a\" = 2 failed: it was answered with code 500. Sent: {\"props\":{\"a\":2}}; the answer begins with Traceback: KeyError", error.Message, StringComparison.Ordinal);
        Assert.Contains("KeyError: 'a'", error.OutputTail, StringComparison.Ordinal);
        await bench.UntilAsync(() => bench.Host.Running.Count == 1, "the end of the blocked one");
        Assert.Equal(old.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Equal(2, bench.Host.Started.Count);
        Assert.Equal(0, bench.Host.Started[0].Stops);
        Assert.All(bench.Host.Started[1].Requests, r => Assert.DoesNotContain("\"a\":7", r.Body, StringComparison.Ordinal));
        Assert.Equal(PluginOutcome.Ok, await AskAsync(bench));
        Assert.Contains(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Verify && d.Why.Contains("code 500", StringComparison.Ordinal));
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));
        Assert.Equal(2, bench.Host.Started.Count);
    }

    [Theory]
    [InlineData("[1]", "its answer is not like the examples: at its root it has an array")]
    [InlineData("{\"error\": 1}", "it lacks /score")]
    [InlineData("{\"score\": NaN}", "its answer is not a JSON object or array")]
    [InlineData("12", "its answer is not a JSON object or array")]
    public async Task DeployAsync_Warn_AnswerIsNoGood_GoesOnAndSaysSo(string answer, string expected)
    {
        await using var bench = Start();
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json(answer));

        var snapshot = await bench.DeployAsync(Source(bench, 1));

        Assert.Equal(DeploymentPhase.Ready, snapshot.Phase);
        var decision = Assert.Single(snapshot.Decisions, d => d.Kind == DecisionKind.Verify);
        Assert.Contains("although an example failed", decision.What, StringComparison.Ordinal);
        Assert.Contains(expected, decision.Why, StringComparison.Ordinal);
        Assert.All(Describe(bench).Verifications, v => Assert.Contains(expected, v.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ExampleCheck.Off, null, 0)]
    [InlineData(ExampleCheck.Off, ExampleCheck.Block, 2)]
    [InlineData(ExampleCheck.Block, ExampleCheck.Off, 0)]
    public async Task DeployAsync_Setting_OfThePluginWins(ExampleCheck all, ExampleCheck? one, int requests)
    {
        await using var bench = Start(o =>
        {
            (o.Examples.BeforePromotion, o.Examples.InBackground) = (all, false);
            if (one is { } check)
            {
                o.Examples.Plugins["churn"] = check;
            }
        });
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));

        await bench.DeployAsync(Source(bench, 1));

        Assert.Equal(requests, bench.Host.Started[0].Requests.Count);
        Assert.All(bench.Host.Started[0].Requests, r => Assert.StartsWith("{\"props\":{\"now\":1767323", r.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeployAsync_Budget_IsKeptAndTheRestIsRunInTheBackground()
    {
        await using var bench = Start(o => o.Examples.PromotionRequests = 1);
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));

        var snapshot = await bench.DeployAsync(Source(bench, 1));

        Assert.Contains(snapshot.Decisions, d => d.Why.Contains("1 more are run once it serves", StringComparison.Ordinal));
        await bench.UntilAsync(() => Describe(bench).Verifications.Length == 3, "the others");
        Assert.All(Describe(bench).Verifications, v => Assert.True(v.Passed));
        Assert.Equal(["a 0", "a 1", "o 0"], Describe(bench).Verifications.Select(v => $"{v.Input} {v.Example}"));
        Assert.Equal("""{"score": 1}""", Describe(bench).LastAnswer.ToString());
    }

    [Fact]
    public async Task DeployAsync_SlowExamples_TakeNoMoreThanTheirTimeAndHoldNothingBackForEver()
    {
        await using var bench = Start(o => (o.Examples.RequestTimeout, o.Examples.PromotionTime, o.Examples.InBackground) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), false));
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Silent);

        var snapshot = await bench.DeployAsync(Source(bench, 1));

        var decision = Assert.Single(snapshot.Decisions, d => d.Kind == DecisionKind.Verify);
        Assert.Contains("there was no answer", decision.Why, StringComparison.Ordinal);
        Assert.Single(bench.Host.Started[0].Requests);
    }

    [Fact]
    public async Task Background_RunsAreNoTraffic_AndWaitWhileRequestsWait()
    {
        await using var bench = Start(o => (o.Examples.BeforePromotion, o.Routing.MaxRequestsPerInstance) = (ExampleCheck.Off, 1));
        bench.Host.OnStart = i => i.Answer = _ => InMemoryAnswer.Json("""{"score": 1}""") with { After = TimeSpan.FromSeconds(20) };
        await bench.DeployAsync(Source(bench, 1));
        var busy = AskAsync(bench);
        await bench.PassAsync(TimeSpan.FromSeconds(15));
        Assert.Single(bench.Host.Started[0].Requests);

        bench.Host.Started[0].Answer = _ => InMemoryAnswer.Code(500);
        await bench.PlayAsync(busy);
        await bench.UntilAsync(() => Describe(bench).Verifications.Length == 3, "the background");

        Assert.All(Describe(bench).Verifications, v => Assert.False(v.Passed));
        var traffic = bench.Routes.Find("churn")!.Targets[0].ReadTraffic();
        Assert.Equal((1L, 0L), (traffic.Successes, traffic.Failures));
        Assert.Equal(1, bench.Routes.DemandOf(PluginName.Parse("churn"), bench.Clock).Read().Arrivals);
        Assert.Empty(bench.Services.GetRequiredService<IPluginStatistics>().Get("churn"));
        await bench.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));
        Assert.Equal(DeploymentPhase.Ready, bench.Snapshot.Phase);
        Assert.Equal(4, bench.Host.Started[0].Requests.Count);
    }

    [Fact]
    public async Task VerifyAsync_Now_RunsAllAgainAndKeepsTheNewest()
    {
        await using var bench = Start(o => o.Examples.InBackground = false);
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));
        await bench.DeployAsync(Source(bench, 1));
        var first = Describe(bench).Verifications;
        Assert.Equal(2, first.Length);
        bench.Host.Started[0].Answer = r => r.Body.Contains("\"o\"", StringComparison.Ordinal) ? InMemoryAnswer.Code(503) : InMemoryAnswer.Json("""{"score": 2}""");
        await bench.PassAsync(TimeSpan.FromSeconds(5));

        var report = await bench.PlayAsync(Examples(bench).VerifyAsync("churn", TestContext.Current.CancellationToken));

        Assert.False(report.Passed);
        Assert.Empty(report.NotRun);
        Assert.Equal(["a 0 True", "a 1 True", "o 0 False"], report.Results.Select(v => $"{v.Input} {v.Example} {v.Passed}"));
        Assert.Equal(report.Results, Describe(bench).Verifications);
        Assert.True(Describe(bench).Verifications[0].At > first[0].At);
        Assert.Equal("it was answered with code 503", report.Results[2].Detail);
        Assert.Equal("""{"score": 2}""", Describe(bench).LastAnswer.ToString());
    }

    [Fact]
    public async Task VerifyAsync_NothingServes_IsRefusedAndNobodyFreeIsSaid()
    {
        await using var bench = Start(o => (o.Examples.BeforePromotion, o.Examples.InBackground, o.Routing.MaxRequestsPerInstance) = (ExampleCheck.Off, false, 1));
        var token = TestContext.Current.CancellationToken;
        await Assert.ThrowsAsync<PluginDeploymentException>(() => Examples(bench).VerifyAsync("churn", token));
        bench.Host.OnStart = i => i.Answer = _ => InMemoryAnswer.Json("{}") with { After = TimeSpan.FromSeconds(25) };
        await bench.DeployAsync(Source(bench, 1));
        var busy = AskAsync(bench);

        var report = await bench.PlayAsync(Examples(bench).VerifyAsync("churn", token));

        Assert.Empty(report.Results);
        Assert.Contains("3 request(s) were not made: no instance", Assert.Single(report.NotRun), StringComparison.Ordinal);
        Assert.Single(bench.Host.Started[0].Requests);
        await bench.PlayAsync(busy);
    }

    [Fact]
    public async Task Restart_WhatWasRun_IsKnownAndNotRunAgainBeforeItIsDue()
    {
        await using var bench = Start(o => o.Examples.Interval = TimeSpan.FromHours(1));
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));
        await bench.DeployAsync(Source(bench, 1));
        await bench.UntilAsync(() => Describe(bench).Verifications.Length == 3, "the background");
        var before = Describe(bench).Verifications;
        await bench.PassAsync(TimeSpan.FromSeconds(10));
        await bench.EndAsync();

        bench.Run(o => o.Examples.Interval = TimeSpan.FromHours(1));
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the plugin");

        Assert.Equal(before.Select(v => (v.Input, v.Example, v.At, v.Passed)), Describe(bench).Verifications.Select(v => (v.Input, v.Example, v.At, v.Passed)));
        Assert.Equal("""{"score": 1}""", Describe(bench).LastAnswer.ToString());
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Empty(bench.Host.Started[0].Requests);
        await bench.UntilAsync(() => bench.Host.Started[0].Requests.Count == 3, "the next round", TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"version\": 1, \"plugin\": \"churn\", \"revisions\": [null, {\"revision\": \"x\"}]}")]
    public async Task Restart_BrokenFile_StopsNothing(string content)
    {
        await using var bench = Start();
        Directory.CreateDirectory(Path.Combine(bench.State, "examples"));
        await File.WriteAllTextAsync(Path.Combine(bench.State, "examples", "churn.json"), content, TestContext.Current.CancellationToken);
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));

        await bench.DeployAsync(Source(bench, 1));

        Assert.Equal(2, Describe(bench).Verifications.Length);
    }

    [Fact]
    public async Task DeployAsync_ExplainAloneChanged_ItsExamplesAreRunAgainstWhatServes()
    {
        await using var bench = Start();
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));
        await bench.DeployAsync(Source(bench, 1));

        await bench.DeployAsync(Source(bench, 1, Explain.Replace("score", "other", StringComparison.Ordinal)));

        Assert.Single(bench.Host.Started);
        await bench.UntilAsync(() => Describe(bench).Verifications.Length == 3, "the background");
        Assert.All(Describe(bench).Verifications, v => Assert.Contains("it lacks /other", v.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeployAsync_ExampleThatTheEndpointRefuses_FailsWithoutARequest()
    {
        await using var bench = Start(o => o.Examples.InBackground = false);
        bench.Manifest = """{"stage": "initial", "metadata": {"features": {"feature_n": {"nativeType": "integer", "mostCommon": 1}}}}""";
        bench.Host.OnStart = i => i.AnswerWith(InMemoryAnswer.Json("""{"score": 1}"""));

        var snapshot = await bench.DeployAsync(Source(bench, 1, """{"inputs": {"feature_n": {"examples": ["many"]}}}"""));

        Assert.Contains(snapshot.Decisions, d => d.Kind == DecisionKind.Verify && d.Why.Contains("the endpoint itself refuses it: /props/feature_n must be a whole number", StringComparison.Ordinal));
        Assert.Empty(bench.Host.Started[0].Requests);
    }

    [Fact]
    public async Task AddPlugin_WrongSetting_IsRefused()
    {
        var error = Assert.Throws<PluginDeploymentException>(() => new DeploymentBench().Run(build: b => b.AddPlugin("churn", "x", o => o.Examples = (ExampleCheck)9)));
        Assert.Contains("churn:Examples must be one of Off, Warn, Block, was: 9", error.Message, StringComparison.Ordinal);

        await using var bench = Start(o => (o.Examples.PromotionTime, o.Examples.MaxExamples) = (TimeSpan.FromSeconds(1), 0));
        var wrong = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(bench.StartAsync);
        Assert.Contains("Examples:PromotionTime must be from 00:00:10", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Examples:MaxExamples", wrong.Message, StringComparison.Ordinal);
    }

    private static DeploymentBench Start(Action<PluginDeploymentOptions>? configure = null) => new DeploymentBench().Run(configure);

    private static IPluginExamples Examples(DeploymentBench bench) => bench.Services.GetRequiredService<IPluginExamples>();

    private static PluginDescription Describe(DeploymentBench bench) => bench.Services.GetRequiredService<IPluginDescriptions>().Get("churn")!;

    private static PluginSource Source(DeploymentBench bench, int version, string explain = Explain)
    {
        var result = Encoding.UTF8.GetString(bench.Source(version).Results[0].Utf8.Span).Replace("\"options\"", $"\"explain\": {explain}, \"options\"", StringComparison.Ordinal);
        return bench.Source(version) with { Results = [new StageFile("initial", "results.json", Encoding.UTF8.GetBytes(result))] };
    }

    private static async Task<PluginOutcome> AskAsync(DeploymentBench bench)
    {
        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", "{\"props\": {\"a\": 7}}"u8.ToArray(), null, TestContext.Current.CancellationToken);
        return response.Outcome;
    }
}
