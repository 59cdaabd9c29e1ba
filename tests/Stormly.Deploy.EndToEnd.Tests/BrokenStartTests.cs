using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>Plugins that do not start, start slowly, or listen where they should not: each as a real process through a real host application.</summary>
public sealed class BrokenStartTests : IDisposable
{
    private const string AnyBody = """{"props": {}}""";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Fault", "1")]
    [Trait("Fault", "2")]
    [Trait("Fault", "3")]
    [Trait("Fault", "4")]
    [InlineData("stormly-no-such-program -p 5000", "exit code 127", "not found")]
    [InlineData(": -p 5000; echo 'bad config' >&2; exit 3", "exit code 3", "bad config")]
    [InlineData(": -p 5000; echo done; exit 0", "ended although it should keep running", "done")]
    [InlineData(": -p 5000; sleep 1000 & exit 0", "into the background", "keep the server in the foreground")]
    public async Task I_am_told_why_a_command_ends_and_nothing_is_left(string command, string reason, string detail)
    {
        Machine.Needs();
        await using var host = await StartHostAsync();
        var folder = PluginFiles.Write(_folder.Sub("plugin"), command);

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => host.DeployAsync("dummy", folder, instances: 2, Token));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(detail, error.Message, StringComparison.OrdinalIgnoreCase);
        await AssertFailedAsync(host);
        await AssertCanBeDeployedAgainAsync(host);
    }

    [Theory]
    [Trait("Fault", "5")]
    [Trait("Fault", "6")]
    [InlineData("hang")]
    [InlineData("listen-no-answer --port 5000")]
    [InlineData("serve --port 5000 --bad-status-first 1000000")]
    public async Task I_am_told_when_a_plugin_is_not_ready_at_its_deadline_and_nothing_is_left(string words)
    {
        Machine.Needs();
        await using var host = await StartHostAsync(options => options.Start.Deadline = TimeSpan.FromSeconds(2));
        var folder = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command(words));

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => host.DeployAsync("dummy", folder, instances: 1, Token));

        Assert.Contains("within 2 s", error.Message, StringComparison.Ordinal);
        await AssertFailedAsync(host);
    }

    [Theory]
    [Trait("Fault", "7")]
    [Trait("Fault", "8")]
    [InlineData("slow-start --port 5000 --after 1500")]
    [InlineData("status-500-then-200 --port 5000 --times 6")]
    public async Task My_request_waits_for_a_slow_start_and_nothing_is_restarted(string words)
    {
        Machine.Needs();
        await using var host = await StartHostAsync();
        var folder = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command(words));

        var deploy = host.DeployAsync("dummy", folder, instances: 1, Token);
        await host.UntilAsync("dummy", now => now.Decisions.Any(decision => decision.Kind == DecisionKind.Start), Token);
        var answer = await host.PostAsync("dummy", AnyBody, Token);
        var deployed = await deploy;

        Assert.Equal(HttpStatusCode.OK, answer.Code);
        Assert.Single(deployed.Decisions, decision => decision.Kind == DecisionKind.Start);
        Assert.DoesNotContain(deployed.Decisions, decision => decision.Kind is DecisionKind.BackOff or DecisionKind.Replace);
    }

    [Fact]
    [Trait("Fault", "9")]
    public async Task I_am_told_at_once_when_a_program_has_its_port_fixed_inside_and_it_is_not_started_again()
    {
        Machine.Needs();
        await using var host = await StartHostAsync(options => options.Start.Deadline = TimeSpan.FromHours(1));
        var port = FreePort();
        var folder = PluginFiles.Write(_folder.Sub("plugin"), "sh server.sh --port $PORT", port: port);
        var inside = DummyPlugin.Command(string.Create(CultureInfo.InvariantCulture, $"serve --port {port}"));
        await File.WriteAllTextAsync(Path.Combine(folder, "server.sh"), $"{inside}\n", Token);

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => host.DeployAsync("dummy", folder, instances: 1, Token));

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"but listens on {port}: the port is fixed inside the program"), error.Message, StringComparison.Ordinal);
        Assert.Single(host.Deployments.Get("dummy")!.Decisions, decision => decision.Kind == DecisionKind.Start);
        await AssertFailedAsync(host);
    }

    [Fact]
    [Trait("Fault", "10")]
    public async Task I_am_never_answered_by_a_stranger_on_the_port_of_my_plugin()
    {
        Machine.Needs();
        using var stranger = new TcpListener(System.Net.IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;
        await using var host = await StartHostAsync();
        var folder = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command(string.Create(CultureInfo.InvariantCulture, $"serve --port {port}")), port: port);

        var deployed = await host.DeployAsync("dummy", folder, instances: 2, Token);

        Assert.All(deployed.Instances, instance => Assert.False(instance.Address!.EndsWith($":{port}", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("dummy", AnyBody, Token)).Code);
        Assert.False(stranger.Pending());
    }

    [Fact]
    [Trait("Fault", "14")]
    public async Task I_get_one_set_of_instances_when_two_deploy_at_once()
    {
        Machine.Needs();
        await using var host = await StartHostAsync();
        var folders = Enumerable.Range(1, 4).Select(i => PluginFiles.Write(_folder.Sub($"plugin{i}"), DummyPlugin.Command($"serve --port 5000 --model m{i}"))).ToList();

        var deploys = folders.Select(folder => Task.Run(() => host.DeployAsync("dummy", folder, instances: 2, Token))).ToList();
        await Task.WhenAll(deploys).ContinueWith(_ => { }, TaskScheduler.Default);
        var settled = await host.UntilAsync("dummy", now => now.ReadyInstances == 2 && now.Instances.Length == 2, Token);

        Assert.Contains(deploys, deploy => deploy.IsCompletedSuccessfully);
        Assert.All(deploys.Where(deploy => deploy.IsFaulted), deploy => Assert.IsAssignableFrom<PluginDeploymentException>(deploy.Exception!.InnerException));
        Assert.Single(settled.Instances.Select(instance => instance.Revision).Distinct());
        var owners = settled.Instances.SelectMany(instance => PluginProcesses.Of(host.StateFolder, instance.Id)).Order();
        await Waiting.UntilAsync(() => PluginProcesses.Below(host.StateFolder).SequenceEqual(owners), "the end of all but one set", Token);
    }

    private async Task<HostApplication> StartHostAsync(Action<PluginDeploymentOptions>? configure = null)
        => await HostApplication.StartAsync(
            _folder.Sub("state"),
            Token,
            options =>
            {
                options.BackOff.First = TimeSpan.FromMilliseconds(50);
                options.StatusCheck.Timeout = TimeSpan.FromMilliseconds(500);
                options.Stop.Grace = TimeSpan.FromSeconds(2);
                configure?.Invoke(options);
            });

    private static async Task AssertFailedAsync(HostApplication host)
    {
        var failed = await host.UntilAsync("dummy", now => now.Instances.IsEmpty, Token);
        Assert.Equal(DeploymentPhase.Failed, failed.Phase);
        Assert.DoesNotContain(failed.Decisions, decision => decision.Kind == DecisionKind.Promote);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.PostAsync("dummy", AnyBody, Token)).Code);
        await PluginProcesses.UntilNoneIsLeftAsync(host.StateFolder, Token);
        Assert.Equal("", KeptState.ServesOf(host.StateFolder, "dummy"));
    }

    private async Task AssertCanBeDeployedAgainAsync(HostApplication host)
    {
        var folder = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        Assert.Equal(1, (await host.DeployAsync("dummy", folder, instances: 1, Token)).ReadyInstances);
    }

    /// <summary>Above the ports that instances draw from and below those that the system gives to anybody: nobody takes it meanwhile.</summary>
    private static int FreePort()
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
        return Enumerable.Range(Random.Shared.Next(30_000, 32_000), 700).First(port => !used.Contains(port));
    }
}
