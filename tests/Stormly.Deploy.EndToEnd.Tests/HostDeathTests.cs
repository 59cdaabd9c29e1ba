using System.Net;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The host application is killed at various moments, and started again: no stray process, no port conflict, the same deployments.</summary>
public sealed class HostDeathTests : IDisposable
{
    private const string AnyBody = """{"props": {}}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Fault", "45")]
    public async Task I_find_my_deployments_again_after_the_host_application_was_killed()
    {
        Machine.Needs();
        var token = TestContext.Current.CancellationToken;
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var state = _folder.Sub("state");
        await using (var first = HostProgram.Start(plugin, state))
        {
            Assert.Equal(HttpStatusCode.OK, await first.PostAsync(AnyBody, token));
            Assert.NotEmpty(PluginProcesses.Below(state));
            await first.KillAsync(token);
            await PluginProcesses.UntilNoneIsLeftAsync(state, token);
        }

        await using var second = HostProgram.Start(plugin, state);
        Assert.Equal(HttpStatusCode.OK, await second.PostAsync(AnyBody, token));
    }

    [Fact]
    [Trait("Fault", "45")]
    public async Task I_can_start_again_at_once_although_plugins_of_the_killed_host_application_still_end()
    {
        Machine.Needs();
        var token = TestContext.Current.CancellationToken;
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000 --ignore-term"));
        var state = _folder.Sub("state");
        await using var first = HostProgram.Start(plugin, state);
        Assert.Equal(HttpStatusCode.OK, await first.PostAsync(AnyBody, token));
        var old = PluginProcesses.Below(state);
        await first.KillAsync(token);

        await using var second = HostProgram.Start(plugin, state);

        Assert.Equal(HttpStatusCode.OK, await second.PostAsync(AnyBody, token));
        await Waiting.UntilAsync(() => !PluginProcesses.Below(state).Intersect(old).Any(), "the end of the first run's plugins", token);
    }

    [Fact]
    [Trait("Fault", "46")]
    public async Task Nothing_is_left_when_the_host_application_is_killed_during_a_start()
    {
        Machine.Needs();
        var token = TestContext.Current.CancellationToken;
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000 --bad-status-first 1000000"));
        var state = _folder.Sub("state");
        await using (var first = HostProgram.Start(plugin, state))
        {
            await Waiting.UntilAsync(() => PluginProcesses.Below(state).Count > 0, "the start of an instance", token);

            await first.KillAsync(token);

            await PluginProcesses.UntilNoneIsLeftAsync(state, token);
        }

        PluginFiles.Write(plugin, DummyPlugin.Command("serve --port 5000"));
        await using var second = HostProgram.Start(plugin, state);
        Assert.Equal(HttpStatusCode.OK, await second.PostAsync(AnyBody, token));
    }

    [Fact]
    [Trait("Fault", "46")]
    public async Task Nothing_is_left_when_the_host_application_is_killed_during_a_stop()
    {
        Machine.Needs();
        var token = TestContext.Current.CancellationToken;
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000 --ignore-term"));
        var state = _folder.Sub("state");
        await using (var first = HostProgram.Start(plugin, state))
        {
            await first.UntilItSaysAsync("Ctrl+C stops it", token);
            first.PressCtrlC();
            await first.UntilItSaysAsync("Press Ctrl+C again", token);

            await first.KillAsync(token);

            await PluginProcesses.UntilNoneIsLeftAsync(state, token);
        }

        await using var second = HostProgram.Start(plugin, state);
        Assert.Equal(HttpStatusCode.OK, await second.PostAsync(AnyBody, token));
    }

    [Fact]
    [Trait("Fault", "46")]
    public async Task Nothing_is_left_when_the_host_application_is_killed_during_a_replacement()
    {
        Machine.Needs();
        var token = TestContext.Current.CancellationToken;
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var state = _folder.Sub("state");
        await using (var first = HostProgram.Start(plugin, state))
        {
            Assert.Equal(HttpStatusCode.OK, await first.PostAsync(AnyBody, token));
            var old = PluginProcesses.Below(state);
            PluginFiles.Write(plugin, DummyPlugin.Command("serve --port 5000 --bad-status-first 1000000"));
            var redeploy = first.RedeployAsync(token);
            await Waiting.UntilAsync(() => PluginProcesses.Below(state).Except(old).Any(), "the start of the new revision", token);

            await first.KillAsync(token);

            await PluginProcesses.UntilNoneIsLeftAsync(state, token);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => redeploy);
        }

        PluginFiles.Write(plugin, DummyPlugin.Command("serve --port 5000"));
        await using var second = HostProgram.Start(plugin, state);
        Assert.Equal(HttpStatusCode.OK, await second.PostAsync(AnyBody, token));
    }

    [Fact]
    public async Task I_can_stop_politely_with_Ctrl_C_and_nothing_is_left()
    {
        Machine.Needs();
        var token = TestContext.Current.CancellationToken;
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        await using var host = HostProgram.Start(plugin, _folder.Sub("state"));
        await host.UntilItSaysAsync("Ctrl+C stops it", token);

        host.PressCtrlC();

        Assert.Equal(0, await host.ExitedAsync(token));
        Assert.Contains("no process is left", host.Output, StringComparison.Ordinal);
        Assert.Empty(PluginProcesses.Below(host.StateFolder));
    }

    [Fact]
    [Trait("Fault", "25")]
    public async Task I_can_stop_at_once_with_a_second_Ctrl_C_and_nothing_is_left()
    {
        Machine.Needs();
        var token = TestContext.Current.CancellationToken;
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000 --ignore-term"));
        await using var host = HostProgram.Start(plugin, _folder.Sub("state"), grace: "00:03:00");
        await host.UntilItSaysAsync("Ctrl+C stops it", token);

        host.PressCtrlC();
        await host.UntilItSaysAsync("Press Ctrl+C again", token);
        host.PressCtrlC();

        Assert.Equal(0, await host.ExitedAsync(token));
        Assert.Contains("Stopping at once", host.Output, StringComparison.Ordinal);
        Assert.Empty(PluginProcesses.Below(host.StateFolder));
    }
}
