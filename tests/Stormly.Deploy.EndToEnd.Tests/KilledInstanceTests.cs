using System.Net;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>An instance dies at the worst moment: only what it held in its hands is lost.</summary>
public sealed class KilledInstanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Fault", "15")]
    [Trait("Fault", "23")]
    public async Task I_lose_only_the_requests_in_flight_on_an_instance_that_is_killed()
    {
        Machine.Needs();
        var folder = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), TestContext.Current.CancellationToken);
        var before = await host.DeployAsync("dummy", folder, instances: 3, TestContext.Current.CancellationToken);
        await using var clients = new Clients(8, token => host.PostAsync("dummy", """{"props": {}}""", token));
        await clients.MoreAnswersAsync(100, TestContext.Current.CancellationToken);

        var victim = before.Instances[1];
        PluginProcesses.Kill(host.StateFolder, victim.Id);
        await clients.MoreAnswersAsync(10, TestContext.Current.CancellationToken);
        var after = await host.UntilAsync("dummy", now => now.ReadyInstances == 3 && now.Instances.All(instance => instance.Id != victim.Id), TestContext.Current.CancellationToken);
        await clients.MoreAnswersAsync(100, TestContext.Current.CancellationToken);
        await clients.StopAsync();

        Assert.InRange(clients.Failures.Count, 0, 8);
        Assert.All(clients.Failures, failure => Assert.Equal(HttpStatusCode.BadGateway, failure.Code));
        Assert.Equal(2, after.Instances.Count(now => before.Instances.Any(then => then.Id == now.Id)));
        Assert.Contains(after.Decisions, decision => decision.Why.Contains("killed by signal 9, perhaps out of memory", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "16")]
    public async Task I_get_502_when_the_plugin_crashes_on_my_request_and_nobody_else_notices()
    {
        Machine.Needs();
        var crashing = PluginFiles.Write(_folder.Sub("crashing"), DummyPlugin.Command("serve --port 5000"), requestPath: "/crash");
        var healthy = PluginFiles.Write(_folder.Sub("healthy"), DummyPlugin.Command("serve --port 5000"));
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), TestContext.Current.CancellationToken);
        var before = await host.DeployAsync("crashing", crashing, instances: 2, TestContext.Current.CancellationToken);
        await host.DeployAsync("healthy", healthy, instances: 1, TestContext.Current.CancellationToken);
        await using var others = new Clients(2, token => host.PostAsync("healthy", """{"props": {}}""", token));

        var answer = await host.PostAsync("crashing", """{"props": {}}""", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, answer.Code);
        var after = await host.UntilAsync("crashing", now => now.ReadyInstances == 2 && now.Instances.Length == 2
            && now.Instances.Any(instance => before.Instances.All(then => then.Id != instance.Id)), TestContext.Current.CancellationToken);
        Assert.Single(after.Instances, now => before.Instances.Any(then => then.Id == now.Id));
        await others.StopAsync();
        Assert.Empty(others.Failures);
    }
}
