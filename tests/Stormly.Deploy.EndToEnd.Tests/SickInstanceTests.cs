using System.Net;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>Running instances fall sick: each as a real process, found out by the status checks of a real host application.</summary>
public sealed class SickInstanceTests : IDisposable
{
    private const string AnyBody = """{"props": {}}""";
    private static readonly HttpClient Http = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Fault", "17")]
    [Trait("Fault", "19")]
    [InlineData("/set-status?code=500", "any code but 200 replaces at once")]
    [InlineData("/set-status-delay?ms=60000", "misses in a row replace")]
    public async Task I_lose_no_request_while_an_instance_with_a_bad_status_is_replaced(string order, string reason)
    {
        await using var host = await DeployAsync(instances: 2);
        var before = host.Deployments.Get("dummy")!;
        await using var clients = new Clients(2, token => host.PostAsync("dummy", AnyBody, token));

        using var told = await Http.PostAsync(new Uri($"http://{before.Instances[0].Address}{order}"), null, Token);
        var after = await UntilGoneAsync(host, before, before.Instances[0].Id);
        await clients.StopAsync();

        Assert.Empty(clients.Failures);
        Assert.Contains(after.Decisions, decision => decision.Why.Contains(reason, StringComparison.Ordinal));
        var promoted = after.Decisions.Last(decision => decision.Kind == DecisionKind.Promote);
        var stopped = after.Decisions.Last(decision => decision.Kind == DecisionKind.Stop && decision.Subject == before.Instances[0].Id.Value);
        Assert.True(promoted.Sequence < stopped.Sequence, "The substitute serves before the sick one is stopped.");
        Assert.Equal(3, after.Decisions.Count(decision => decision.Kind == DecisionKind.Start));
    }

    [Fact]
    [Trait("Fault", "20")]
    public async Task A_paused_instance_is_replaced_and_ended_although_it_cannot_react()
    {
        await using var host = await DeployAsync(instances: 2);
        var before = host.Deployments.Get("dummy")!;

        PluginProcesses.Pause(host.StateFolder, before.Instances[0].Id);
        var after = await UntilGoneAsync(host, before, before.Instances[0].Id);

        Assert.Contains(after.Decisions, decision => decision.Why.Contains("3 misses in a row", StringComparison.Ordinal));
        Assert.Equal(3, after.Decisions.Count(decision => decision.Kind == DecisionKind.Start));
        Assert.Contains(after.Instances, instance => instance.Id == before.Instances[1].Id);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("dummy", AnyBody, Token)).Code);
    }

    /// <summary>Its requests stall while another part of it answers the status checks: the case that fools every health check.</summary>
    [Fact]
    [Trait("Fault", "20")]
    [Trait("Fault", "22")]
    public async Task A_stalled_instance_whose_status_is_good_is_put_out_and_replaced_and_the_other_one_serves()
    {
        Machine.Needs();
        var folder = PluginFiles.Write(_folder.Sub("plugin"), ": -p {port}; test $(mkdir " + _folder.Sub("mark") + "/first 2>/dev/null; echo $?) = 0 && delay=600000 || delay=0; " + DummyPlugin.Command("serve --port {port} --delay $delay"));
        await using var host = await HostApplication.StartAsync(
            _folder.Sub("state"),
            Token,
            options =>
            {
                options.Routing.RequestTimeout = TimeSpan.FromSeconds(1.5);
                options.Outlier.BaseEjection = TimeSpan.FromMilliseconds(200);
                options.Stop.Drain = TimeSpan.FromSeconds(1);
                options.Stop.Grace = TimeSpan.FromSeconds(1);
            });
        var before = await host.DeployAsync("dummy", folder, 2, Token);
        await using var clients = new Clients(8, token => host.PostAsync("dummy", AnyBody, token));

        var after = await host.UntilAsync("dummy", now => now.Decisions.Any(d => d.Kind == DecisionKind.Replace) && now.ReadyInstances == 2 && now.Instances.Length == 2, Token);
        await clients.StopAsync();

        var replaced = Assert.Single(after.Decisions, d => d.Kind == DecisionKind.Replace);
        Assert.Contains("while its status is good, for the third time", replaced.Why, StringComparison.Ordinal);
        Assert.Equal(2, after.Decisions.Count(d => d.What.EndsWith("for a while", StringComparison.Ordinal)));
        Assert.Single(after.Instances, i => before.Instances.Any(b => b.Id == i.Id));
        Assert.All(clients.Failures, f => Assert.Equal(HttpStatusCode.GatewayTimeout, f.Code));
        Assert.True(clients.Answered > 0);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("dummy", AnyBody, Token)).Code);
        Assert.Empty(PluginProcesses.Of(host.StateFolder, new InstanceId(replaced.Subject)));
    }

    [Fact]
    [Trait("Fault", "21")]
    public async Task All_killed_at_once_I_am_told_503_and_when_to_come_back_until_the_first_substitute_serves()
    {
        Machine.Needs();
        var hold = Path.Combine(_folder.FullName, "hold");
        var folder = PluginFiles.Write(_folder.Sub("plugin"), $"while [ -e '{hold}' ]; do sleep 0.05; done; " + DummyPlugin.Command("serve --port {port}"));
        await using var host = await HostApplication.StartAsync(_folder.Sub("state"), Token, options => options.Stop.Grace = TimeSpan.FromSeconds(1));
        var before = await host.DeployAsync("dummy", folder, 3, Token);

        await File.WriteAllTextAsync(hold, "", Token);
        PluginProcesses.Kill(host.StateFolder);
        await host.UntilAsync("dummy", now => now.ReadyInstances == 0, Token);
        var told = await host.PostAsync("dummy", AnyBody, Token);
        File.Delete(hold);
        var after = await host.UntilAsync("dummy", now => now.ReadyInstances == 3 && now.Instances.Length == 3, Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, told.Code);
        Assert.InRange(told.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(after.Instances, i => before.Instances.Any(b => b.Id == i.Id));
        Assert.Equal(6, after.Decisions.Count(d => d.Kind == DecisionKind.Start));
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("dummy", AnyBody, Token)).Code);
    }

    [Fact]
    [Trait("Fault", "21")]
    public async Task All_paused_at_once_are_replaced_a_few_at_a_time()
    {
        await using var host = await DeployAsync(instances: 3);
        var before = host.Deployments.Get("dummy")!;
        var mostStarting = 0;

        foreach (var instance in before.Instances)
        {
            PluginProcesses.Pause(host.StateFolder, instance.Id);
        }

        var after = await host.UntilAsync(
            "dummy",
            now =>
            {
                mostStarting = Math.Max(mostStarting, now.Instances.Count(instance => instance.Phase == InstancePhase.Starting));
                return now.Instances.Length == 3 && now.ReadyInstances == 3 && now.Instances.All(instance => before.Instances.All(then => then.Id != instance.Id));
            },
            Token);

        Assert.Equal(1, mostStarting);
        Assert.Equal(6, after.Decisions.Count(decision => decision.Kind == DecisionKind.Start));
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("dummy", AnyBody, Token)).Code);
    }

    private async Task<HostApplication> DeployAsync(int instances)
    {
        Machine.Needs();
        var folder = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var host = await HostApplication.StartAsync(
            _folder.Sub("state"),
            Token,
            options =>
            {
                options.StatusCheck.Interval = TimeSpan.FromMilliseconds(200);
                options.StatusCheck.Timeout = TimeSpan.FromSeconds(2);
                options.Stop.Grace = TimeSpan.FromSeconds(1);
            });
        await host.DeployAsync("dummy", folder, instances, Token);
        return host;
    }

    /// <summary>Waits until the wanted number serves without one instance, and nothing of that one lives.</summary>
    private static async Task<DeploymentSnapshot> UntilGoneAsync(HostApplication host, DeploymentSnapshot before, InstanceId sick)
    {
        var after = await host.UntilAsync(
            "dummy", now => now.ReadyInstances == before.Instances.Length && now.Instances.Length == before.Instances.Length && now.Instances.All(instance => instance.Id != sick), Token);
        Assert.Empty(PluginProcesses.Of(host.StateFolder, sick));
        return after;
    }
}
