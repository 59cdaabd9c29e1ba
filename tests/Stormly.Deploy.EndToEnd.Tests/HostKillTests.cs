using Stormly.Deploy.EndToEnd.Harness.Kinds;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The host application is killed or stopped, and its plugins end with it or live on, as the setting says.</summary>
public sealed class HostKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_folder.FullName, "state");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Fault", "45")]
    [Trait("Fault", "46")]
    [InlineData(HostEndAction.EndPlugins, 7)]
    [InlineData(HostEndAction.KeepPluginsAfterCrash, 8)]
    public async Task I_find_what_I_was_promised_after_five_kills_in_the_middle_of_rollouts(HostEndAction action, int seed)
    {
        Machine.Needs();
        var lines = new List<string>();
        var run = new HostKillRun(_folder.FullName, PluginKind.Processes, action, seed);

        await run.RunAsync(5, lines.Add, Token);

        Assert.True(run.Problems.Count == 0, string.Join(Environment.NewLine, run.Problems.Concat(lines)));
        Assert.Equal(5, run.UntilServing.Count);
    }

    [Theory]
    [Trait("Fault", "61")]
    [InlineData(HostEndAction.EndPlugins, 9)]
    [InlineData(HostEndAction.KeepPluginsAfterCrash, 10)]
    public async Task I_find_what_I_was_promised_after_two_kills_in_the_middle_of_rollouts_of_containers(HostEndAction action, int seed)
    {
        Machine.Needs();
        if (await PluginContainers.FindMissingAsync() is { } missing)
        {
            Assert.Skip(missing);
        }

        var lines = new List<string>();
        var run = new HostKillRun(_folder.FullName, PluginKind.Containers, action, seed);

        await run.RunAsync(2, lines.Add, Token);

        Assert.True(run.Problems.Count == 0, string.Join(Environment.NewLine, run.Problems.Concat(lines)));
        Assert.Equal(2, run.UntilServing.Count);
    }

    [Fact]
    [Trait("Fault", "45")]
    public async Task I_am_served_by_the_same_processes_after_the_host_application_was_killed()
    {
        Machine.Needs();
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var first = await StrainedHost.StartAsync(State, plugin, instances: 3, Token, HostEndAction.KeepPluginsAfterCrash);
        Assert.Equal("deployed", await first.AskAsync("deploy", Token));
        var before = PluginProcesses.Below(State);
        await first.KillAsync(Token);
        Assert.Equal(before, PluginProcesses.Below(State));

        await using var second = await StrainedHost.StartAsync(State, plugin, instances: 3, Token, HostEndAction.KeepPluginsAfterCrash);
        Assert.Equal("all serve", await second.AskAsync("wait", Token));

        Assert.Equal(before, PluginProcesses.Below(State));
        Assert.StartsWith("Ok ", await second.AskAsync("ask", Token), StringComparison.Ordinal);
        Assert.StartsWith("Ready 3 of 3;", await second.AskAsync("state", Token), StringComparison.Ordinal);

        // From now on they are as any other: one that is killed is replaced.
        PluginProcesses.Kill(State, new InstanceId(Path.GetFileName(Directory.GetDirectories(Path.Combine(State, "instances"))[0])));
        await Waiting.UntilAsync(() => PluginProcesses.Below(State).Except(before).Any(), "a substitute", Token);
    }

    [Fact]
    public async Task I_can_stop_the_host_application_and_leave_my_plugins_running()
    {
        Machine.Needs();
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var first = await StrainedHost.StartAsync(State, plugin, instances: 2, Token, HostEndAction.KeepPlugins);
        Assert.Equal("deployed", await first.AskAsync("deploy", Token));
        var before = PluginProcesses.Below(State);
        await first.StopAsync(Token);
        Assert.Equal(before, PluginProcesses.Below(State));

        var second = await StrainedHost.StartAsync(State, plugin, instances: 2, Token, HostEndAction.KeepPlugins);
        Assert.Equal("all serve", await second.AskAsync("wait", Token));
        Assert.Equal(before, PluginProcesses.Below(State));
        await second.StopAsync(Token);

        // Where plugins are to end with the host application again, those that lived on make way.
        await using var third = await StrainedHost.StartAsync(State, plugin, instances: 2, Token);
        Assert.Equal("all serve", await third.AskAsync("wait", Token));
        Assert.Empty(PluginProcesses.Below(State).Intersect(before));
    }

    [Fact]
    [Trait("Fault", "20")]
    public async Task I_get_a_substitute_for_a_plugin_that_was_paused_when_the_host_application_was_killed()
    {
        Machine.Needs();
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var first = await StrainedHost.StartAsync(State, plugin, instances: 2, Token, HostEndAction.KeepPluginsAfterCrash);
        Assert.Equal("deployed", await first.AskAsync("deploy", Token));
        await first.KillAsync(Token);
        var sick = new InstanceId(Path.GetFileName(Directory.GetDirectories(Path.Combine(State, "instances"))[0]));
        var paused = PluginProcesses.Of(State, sick);
        PluginProcesses.Pause(State, sick);

        await using var second = await StrainedHost.StartAsync(State, plugin, instances: 2, Token, HostEndAction.KeepPluginsAfterCrash);
        Assert.Equal("all serve", await second.AskAsync("wait", Token));

        Assert.StartsWith("Ok ", await second.AskAsync("ask", Token), StringComparison.Ordinal);
        await Waiting.UntilAsync(() => !PluginProcesses.Below(State).Intersect(paused).Any(), "the end of the paused one", Token);
        Assert.False(Directory.Exists(Path.Combine(State, "instances", sick.Value)));
    }
}
