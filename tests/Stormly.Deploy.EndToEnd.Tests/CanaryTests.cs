using System.Collections.Concurrent;
using System.Net;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>A revision is tried out on a share of real traffic: callers stay on their side, and nobody loses a request when it dies, is promoted or aborted.</summary>
public sealed class CanaryTests : IDisposable
{
    private const int Callers = 200;
    private const int AtOnce = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, string> _models = new(StringComparer.Ordinal);
    private int _calls;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Fault", "15")]
    [Trait("Fault", "76")]
    public async Task I_try_a_model_out_on_a_fifth_of_my_callers_lose_its_only_instance_and_promote_it()
    {
        Machine.Needs();
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), Token);
        await host.DeployAsync("dummy", Plugin("one"), instances: 2, Token);
        var canary = await host.Deployments.CanaryAsync(Source("two"), new CanarySpec { SharePercent = 20 }, Token);
        await using var clients = new Clients(AtOnce, token => AskAsync(host, token));
        await clients.MoreAnswersAsync(3 * Callers, Token);
        var sides = _models.ToDictionary();
        Assert.Empty(clients.Failures);
        Assert.InRange(sides.Count(s => s.Value == "two"), 15, 70);

        PluginProcesses.Kill(host.StateFolder, canary.Instances.Single(i => i.Revision == canary.Canary!.Revision).Id);
        await clients.MoreAnswersAsync(Callers, Token);
        Assert.InRange(clients.Failures.Count, 0, AtOnce);
        Assert.All(clients.Failures, failure => Assert.Equal(HttpStatusCode.BadGateway, failure.Code));
        var lost = clients.Failures.Count;
        await host.UntilAsync("dummy", now => now is { ReadyInstances: 3, Canary: not null }, Token);
        await clients.MoreAnswersAsync(3 * Callers, Token);
        Assert.Equal(sides, _models.ToDictionary());

        var promoted = await host.Deployments.PromoteAsync("dummy", Token);
        await host.UntilAsync("dummy", now => now.Instances.Length == 2, Token);
        await clients.MoreAnswersAsync(2 * Callers, Token);
        await clients.StopAsync();

        Assert.Equal(lost, clients.Failures.Count);
        Assert.Equal(canary.Canary!.Revision, promoted.ServingRevision);
        Assert.All(_models, m => Assert.Equal("two", m.Value));
    }

    [Fact]
    [Trait("Fault", "76")]
    public async Task I_abort_a_canary_under_load_and_nobody_loses_a_request()
    {
        Machine.Needs();
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), Token);
        var first = await host.DeployAsync("dummy", Plugin("one"), instances: 2, Token);
        await host.Deployments.CanaryAsync(Source("two"), new CanarySpec { SharePercent = 50 }, Token);
        await using var clients = new Clients(AtOnce, token => AskAsync(host, token));
        await clients.MoreAnswersAsync(2 * Callers, Token);
        Assert.InRange(_models.Count(m => m.Value == "two"), 60, 140);

        await host.Deployments.AbortAsync("dummy", "the figures are odd", Token);
        var after = await host.UntilAsync("dummy", now => now is { Canary: null, Instances.Length: 2 }, Token);
        await clients.MoreAnswersAsync(2 * Callers, Token);
        await clients.StopAsync();

        Assert.Empty(clients.Failures);
        Assert.All(_models, m => Assert.Equal("one", m.Value));
        Assert.Equal(first.Instances.Select(i => i.Id), after.Instances.Select(i => i.Id));
        Assert.Contains(after.Decisions, d => d.Kind == DecisionKind.Canary && d.Why.EndsWith("the figures are odd", StringComparison.Ordinal));
    }

    private async Task<Answer> AskAsync(HostApplication host, CancellationToken token)
    {
        var key = $"caller-{Interlocked.Increment(ref _calls) % Callers}";
        var answer = await host.PostAsync("dummy", """{"props": {}}""", token, key);
        if (answer.Code == HttpStatusCode.OK)
        {
            _models[key] = answer.Body.Contains("\"model\":\"two\"", StringComparison.Ordinal) ? "two" : "one";
        }

        return answer;
    }

    private string Plugin(string model) => PluginFiles.Write(_folder.Sub(model), DummyPlugin.Command($"serve --port 5000 --model {model}"), options: model);

    private PluginSource Source(string model)
    {
        var source = PluginSource.FromFolder("dummy", Plugin(model));
        return source with { Environment = source.Environment.SetItem("PATH", Programs.SearchPath) };
    }
}
