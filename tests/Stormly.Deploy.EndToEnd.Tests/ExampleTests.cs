using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The churn sample with an example that its server refuses: a user of the future.</summary>
public sealed class ExampleTests : IDisposable
{
    private static readonly string[] Needs = ["python3", "flask", "py:flask"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task I_keep_the_old_model_when_an_example_of_the_new_one_is_wrong()
    {
        Machine.Needs(Needs);
        var token = TestContext.Current.CancellationToken;
        var folder = await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed: 1, token);
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), token, options => options.Examples.BeforePromotion = ExampleCheck.Block);
        var old = await host.DeployAsync("churn", folder, instances: 2, token);
        Assert.Contains(old.Decisions, d => d.Kind == DecisionKind.Verify && d.Why.Contains("answered as they should be", StringComparison.Ordinal));
        await using var clients = new Clients(4, stop => host.PostAsync("churn", ChurnSample.Body, stop));
        await clients.MoreAnswersAsync(20, token);

        await ChurnSample.TrainAsync(folder, seed: 2, token);
        await BreakAsync(folder);
        var error = await Assert.ThrowsAsync<InstanceStartException>(() => host.DeployAsync("churn", folder, instances: 2, token));

        Assert.Contains("the example \"user_created\" = 9999999999", error.Message, StringComparison.Ordinal);
        Assert.Contains("it was answered with code 422", error.Message, StringComparison.Ordinal);
        Assert.Contains("Sent: {\"props\":{\"user_created\":9999999999", error.Message, StringComparison.Ordinal);
        await clients.MoreAnswersAsync(20, token);
        await clients.StopAsync();
        Assert.Empty(clients.Failures);
        Assert.Contains("seed 1", await host.PredictAsync("churn", ChurnSample.Body, token), StringComparison.Ordinal);
        var now = await host.UntilAsync("churn", s => s.ReadyInstances == 2 && s.Instances.Length == 2, token);
        Assert.Equal(old.ServingRevision, now.ServingRevision);
        Assert.Equal(3, now.Decisions.Count(d => d.Kind == DecisionKind.Start));
    }

    [Fact]
    public async Task I_am_warned_of_an_example_that_is_wrong_and_see_which_one_it_is()
    {
        Machine.Needs(Needs);
        var token = TestContext.Current.CancellationToken;
        var folder = await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed: 1, token);
        await BreakAsync(folder);
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), token, options => options.Examples.InBackground = false);

        var snapshot = await host.DeployAsync("churn", folder, instances: 1, token);

        Assert.Equal(DeploymentPhase.Ready, snapshot.Phase);
        Assert.Contains(snapshot.Decisions, d => d.Kind == DecisionKind.Verify && d.What.Contains("although an example failed", StringComparison.Ordinal) && d.Why.Contains("code 422", StringComparison.Ordinal));

        await MendAsync(folder);
        var mended = await host.DeployAsync("churn", folder, instances: 1, token);
        Assert.Equal(snapshot.Instances[0].Id, Assert.Single(mended.Instances).Id);
        var report = await host.Services.GetRequiredService<IPluginExamples>().VerifyAsync("churn", token);

        Assert.True(report.Passed, string.Join("; ", report.Results.Select(r => $"{r.Input}: {r.Detail}")));
        Assert.Empty(report.NotRun);
        Assert.Contains(report.Results, r => r is { Input: "user_created", Example: 0 });
        Assert.Contains(report.Results, r => r is { Input: "plan", Example: 2 });
        Assert.Equal(report.Results.Length, host.Services.GetRequiredService<IPluginDescriptions>().Get("churn")!.Verifications.Length);
    }

    private static Task BreakAsync(string folder) => ChangeAsync(folder, 9_999_999_999);

    private static Task MendAsync(string folder) => ChangeAsync(folder, 1_700_000_000);

    /// <summary>Changes the second example of <c>user_created</c> in the results of the last stage; status checks are made with the first one.</summary>
    private static async Task ChangeAsync(string folder, long example)
    {
        var file = Path.Combine(folder, "results-trainMore.json");
        var results = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        results["http"]!["explain"]!["inputs"]!["user_created"]!["examples"] = new JsonArray(1_690_000_000, example);
        await File.WriteAllTextAsync(file, results.ToJsonString());
    }
}
