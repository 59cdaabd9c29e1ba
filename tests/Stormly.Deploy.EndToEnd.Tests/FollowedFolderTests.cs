using Stormly.Deploy.Model;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The churn sample, retrained into the folder that its deployment follows, on a real file system. Nobody calls anything.</summary>
public sealed class FollowedFolderTests : IDisposable
{
    private static readonly string[] Needs = ["python3", "flask", "py:flask"];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Fault", "76")]
    public async Task I_can_retrain_under_load_and_the_new_model_serves_by_itself()
    {
        await using var host = await DeployAsync(instances: 2);
        await using var clients = new Clients(8, token => host.PostAsync("churn", ChurnSample.Body, token));
        await clients.MoreAnswersAsync(50, Token);

        for (var seed = 2; seed <= 3; seed++)
        {
            var before = host.Deployments.Get("churn")!.ServingRevision;
            await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed, Token);
            await UntilAnotherServesAsync(host, before);
            Assert.Contains($"seed {seed}", await host.PredictAsync("churn", ChurnSample.Body, Token), StringComparison.Ordinal);
        }

        await clients.MoreAnswersAsync(50, Token);
        await clients.StopAsync();
        Assert.Empty(clients.Failures);
        Assert.Equal(2, CountRedeployments(host));
    }

    [Fact]
    public async Task I_am_told_once_of_half_written_results_and_nothing_changes_until_they_are_whole()
    {
        await using var host = await DeployAsync(instances: 1);
        var first = host.Deployments.Get("churn")!;
        var next = await ChurnSample.TrainAsync(_folder.Sub("next"), 2, Token);
        var whole = await File.ReadAllBytesAsync(Path.Combine(next, "results-trainMore.json"), Token);
        var results = Path.Combine(_folder.Sub("plugin"), "results-trainMore.json");
        await File.WriteAllBytesAsync(results, whole[..(whole.Length / 2)], Token);
        Copy(next, "model.json", "manifest-initial.json", "manifest-trainMore.json", "results-initial.json");

        var told = await host.UntilAsync("churn", now => now.Source?.State == SourceState.Unusable, Token);
        Assert.Contains("results-trainMore.json", told.Source!.Problem, StringComparison.Ordinal);
        Assert.Equal((first.ServingRevision, 1), (told.ServingRevision, told.ReadyInstances));
        Assert.Contains("seed 1", await host.PredictAsync("churn", ChurnSample.Body, Token), StringComparison.Ordinal);

        await File.WriteAllBytesAsync(results, whole, Token);
        var mended = await UntilAnotherServesAsync(host, first.ServingRevision);
        Assert.Contains("seed 2", await host.PredictAsync("churn", ChurnSample.Body, Token), StringComparison.Ordinal);
        Assert.Single(mended.Decisions, d => d.What == "not deploy what the plugin's folder holds");
        Assert.Equal(1, CountRedeployments(host));
    }

    [Fact]
    public async Task I_can_write_fifty_times_and_get_one_redeployment_and_go_back_to_a_kept_revision_by_changing_back()
    {
        await using var host = await DeployAsync(instances: 1);
        var first = host.Deployments.Get("churn")!.ServingRevision;
        var server = Path.Combine(_folder.Sub("plugin"), "server.py");
        var code = await File.ReadAllTextAsync(server, Token);
        for (var i = 0; i < 50; i++)
        {
            await File.WriteAllTextAsync(server, $"{code}\n# {i}\n", Token);
        }

        await UntilAnotherServesAsync(host, first);
        Assert.Equal(1, CountRedeployments(host));

        await File.WriteAllTextAsync(server, code, Token);
        var back = await host.UntilAsync("churn", now => now.ServingRevision == first && now.Phase == DeploymentPhase.Ready, Token);
        Assert.Equal(2, back.Revisions.Length);
    }

    [Fact]
    public async Task I_can_switch_a_link_to_another_folder_and_it_is_deployed_as_a_whole()
    {
        Machine.Needs(Needs);
        var (one, two) = (await ChurnSample.TrainAsync(_folder.Sub("v1"), 1, Token), await ChurnSample.TrainAsync(_folder.Sub("v2"), 2, Token));
        var current = Path.Combine(_folder.FullName, "current");
        Directory.CreateSymbolicLink(current, one);
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), Token);
        var first = await host.DeployAsync("churn", current, 1, Token);

        Directory.CreateSymbolicLink(current + ".new", two);
        using var move = OsProcess.Start("mv", ["-T", current + ".new", current]);
        await move.WaitForExitAsync(Token);

        await UntilAnotherServesAsync(host, first.ServingRevision);
        Assert.Contains("seed 2", await host.PredictAsync("churn", ChurnSample.Body, Token), StringComparison.Ordinal);
        Assert.Equal(1, CountRedeployments(host));
    }

    private static int CountRedeployments(HostApplication host)
        => host.Deployments.Get("churn")!.Decisions.Count(d => d.Kind == DecisionKind.Follow && d.What.EndsWith("by itself", StringComparison.Ordinal) && d.What.StartsWith("deploy", StringComparison.Ordinal));

    private static Task<DeploymentSnapshot> UntilAnotherServesAsync(HostApplication host, RevisionId? before)
        => host.UntilAsync("churn", now => now is { Phase: DeploymentPhase.Ready, Source.State: SourceState.InStep } && now.ServingRevision != before, Token);

    private void Copy(string from, params string[] files)
    {
        foreach (var file in files)
        {
            File.Copy(Path.Combine(from, file), Path.Combine(_folder.Sub("plugin"), file), overwrite: true);
        }
    }

    private async Task<HostApplication> DeployAsync(int instances)
    {
        Machine.Needs(Needs);
        var folder = await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed: 1, Token);
        var host = await HostApplication.StartAsync(_folder.Sub("state"), Token);
        await host.DeployAsync("churn", folder, instances, Token);
        return host;
    }
}
