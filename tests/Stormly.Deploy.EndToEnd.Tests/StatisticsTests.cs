using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The churn sample asked by real clients: what is common among them is known, also to the next run of the host application.</summary>
public sealed class StatisticsTests : IDisposable
{
    private static readonly string[] Needs = ["python3", "flask", "py:flask"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task I_can_learn_what_is_common_from_requests_and_rows_and_keep_it()
    {
        Machine.Needs(Needs);
        var token = TestContext.Current.CancellationToken;
        var folder = await ChurnSample.TrainAsync(_folder.Sub("plugin"), seed: 1, token);
        RevisionId? revision;
        await using (var host = await StartAsync())
        {
            revision = (await host.DeployAsync("churn", folder, instances: 1, token)).ServingRevision;
            for (var i = 0; i < 30; i++)
            {
                await host.PredictAsync("churn", ChurnSample.Body, token);
            }

            var report = await Statistics(host).SetRowsAsync("churn", Rows(), token);
            Assert.Equal((100L, 0L), (report.Read, report.Skipped));
            await host.UntilAsync("churn", now => now.ReadyInstances == 1, token);
            Assert.All(Statistics(host).Get("churn").Where(s => s.Feature is "feature_d3e4f5061" or "feature_acaa2cf5d"), s => Assert.Equal(30, s.Learned));
        }

        await using var next = await StartAsync();
        await next.UntilAsync("churn", now => now.Phase == DeploymentPhase.Ready, token);

        var known = Statistics(next).Get("churn").ToDictionary(s => s.Feature, StringComparer.Ordinal);
        Assert.Equal((30L, "7", FeatureValueSource.Rows), (known["feature_d3e4f5061"].Learned, known["feature_d3e4f5061"].MostCommon.ToString(), known["feature_d3e4f5061"].MostCommonFrom));
        Assert.Equal(30, known["feature_acaa2cf5d"].Learned);
        Assert.Equal(revision, next.Deployments.Get("churn")!.ServingRevision);
        Assert.Contains("seed 1", await next.PredictAsync("churn", ChurnSample.Body, token), StringComparison.Ordinal);
    }

    private static IPluginStatistics Statistics(HostApplication host) => host.Services.GetRequiredService<IPluginStatistics>();

    private Task<HostApplication> StartAsync() => HostApplication.StartAsync(
        _folder.Sub("state"), TestContext.Current.CancellationToken, options => (options.Statistics.MinimumCallers, options.Statistics.SamplesPerSecond) = (1, 10_000));

    private static async IAsyncEnumerable<RawJson> Rows()
    {
        for (var i = 0; i < 100; i++)
        {
            await Task.Yield();
            yield return RawJson.FromText($$"""{"feature_d3e4f5061": {{(i % 3 == 0 ? i : 7)}}, "email": "user{{i}}@example.com"}""");
        }
    }
}
