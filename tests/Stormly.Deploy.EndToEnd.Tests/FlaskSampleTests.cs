using System.Net;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The churn sample, trained by its own stages and served by real Flask processes through a real host application.</summary>
public sealed class FlaskSampleTests : IDisposable
{
    private static readonly string[] Needs = ["python3", "flask", "py:flask"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task I_can_deploy_a_trained_plugin_and_get_predictions()
    {
        await using var host = await DeployAsync(instances: 3);

        using var answer = JsonDocument.Parse(await host.PredictAsync("churn", ChurnSample.Body, TestContext.Current.CancellationToken));

        Assert.InRange(answer.RootElement.GetProperty("probability").GetDouble(), 0.0, 1.0);
        Assert.Equal("trainMore, seed 1", answer.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public async Task I_can_run_several_instances_of_a_plugin_whose_command_names_one_port()
    {
        await using var host = await DeployAsync(instances: 3);

        var addresses = host.Deployments.Get("churn")!.Instances.Select(instance => instance.Address).ToHashSet();
        Assert.Equal(3, addresses.Count);
        Assert.DoesNotContain("127.0.0.1:5000", addresses);
    }

    [Fact]
    public async Task I_am_told_everything_that_is_wrong_with_my_request()
    {
        await using var host = await DeployAsync(instances: 1);

        var answer = await host.PostAsync("churn", """{"props": {"feature_d3e4f5061": "many", "plan": "free"}}""", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Code);
        using var document = JsonDocument.Parse(answer.Body);
        var problems = document.RootElement.GetProperty("problems").EnumerateArray().ToDictionary(problem => problem.GetProperty("input").GetString()!);
        Assert.Equal(["feature_d3e4f5061", "user_created"], problems.Keys.Order());
        Assert.StartsWith("When the user's account was created", problems["user_created"].GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "39")]
    public async Task I_am_told_that_it_is_the_plugins_fault_when_it_refuses()
    {
        await using var host = await DeployAsync(instances: 1);

        // A user of the future: well-formed for the library, unusable for this plugin, which answers 422.
        var answer = await host.PostAsync("churn", """{"props": {"user_created": 9999999999}}""", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, answer.Code);
        Assert.Contains("422", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("lies in the future", answer.Body, StringComparison.Ordinal);
        Assert.Equal(DeploymentPhase.Ready, host.Deployments.Get("churn")!.Phase);
    }

    [Fact]
    [Trait("Fault", "76")]
    public async Task I_can_deploy_new_models_under_load_without_losing_a_request()
    {
        await using var host = await DeployAsync(instances: 3);
        await using var clients = new Clients(8, token => host.PostAsync("churn", ChurnSample.Body, token));
        await clients.MoreAnswersAsync(50, TestContext.Current.CancellationToken);

        for (var seed = 2; seed <= 6; seed++)
        {
            await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed, TestContext.Current.CancellationToken);
            await host.DeployAsync("churn", _folder.Sub("plugin"), instances: 3, TestContext.Current.CancellationToken);
            Assert.Contains($"seed {seed}", await host.PredictAsync("churn", ChurnSample.Body, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await clients.StopAsync();
        Assert.Empty(clients.Failures);
        await host.UntilAsync("churn", now => now.Instances.Length == 3, TestContext.Current.CancellationToken);
    }

    [Fact]
    [Trait("Fault", "77")]
    public async Task I_keep_the_old_model_when_the_new_one_never_answers()
    {
        await using var host = await DeployAsync(instances: 2);
        var folder = _folder.Sub("plugin");
        await File.WriteAllTextAsync(Path.Combine(folder, "server.py"), "raise SystemExit('this model is broken')\n", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAnyAsync<PluginDeploymentException>(() => host.DeployAsync("churn", folder, instances: 2, TestContext.Current.CancellationToken));

        Assert.Contains("this model is broken", error.Message, StringComparison.Ordinal);
        Assert.Contains("seed 1", await host.PredictAsync("churn", ChurnSample.Body, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await host.UntilAsync("churn", now => now.ReadyInstances == 2 && now.Instances.Length == 2, TestContext.Current.CancellationToken);
    }

    private async Task<HostApplication> DeployAsync(int instances)
    {
        Machine.Needs(Needs);
        var folder = await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed: 1, TestContext.Current.CancellationToken);
        var host = await HostApplication.StartAsync(_folder.Sub("state"), TestContext.Current.CancellationToken);
        await host.DeployAsync("churn", folder, instances, TestContext.Current.CancellationToken);
        return host;
    }
}
