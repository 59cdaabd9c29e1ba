using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The host application itself is paused, starved or killed: nothing is replaced for it, and the deployment comes back.</summary>
public sealed class StrainedHostTests : IDisposable
{
    /// <summary>Longer than three rounds of status checks with their timeouts, in the host application of these tests.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(7.5);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_folder.FullName, "state");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Fault", "47")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task I_lose_no_instance_when_the_host_application_or_the_machine_is_paused(bool machine)
    {
        await using var host = await DeployAsync(instances: 3);
        var before = PluginProcesses.Below(State);

        host.Pause();
        var plugins = machine ? before : [];
        plugins.ToList().ForEach(PluginProcesses.Pause);
        await Task.Delay(LongPause, Token);
        host.Resume();
        plugins.ToList().ForEach(PluginProcesses.Resume);

        await AssertNothingWasReplacedAsync(host, before);
    }

    [Fact]
    [Trait("Fault", "52")]
    public async Task I_lose_no_instance_when_the_thread_pool_of_the_host_application_is_exhausted()
    {
        await using var host = await DeployAsync(instances: 3);
        var before = PluginProcesses.Below(State);

        Assert.Equal("starved", await host.AskAsync($"starve {LongPause.TotalSeconds}", Token));

        await AssertNothingWasReplacedAsync(host, before);
    }

    [Fact]
    [Trait("Fault", "53")]
    public async Task I_lose_no_instance_when_every_processor_is_busy()
    {
        await using var host = await DeployAsync(instances: 3);
        var before = PluginProcesses.Below(State);

        Assert.Equal("burnt", await host.AskAsync($"burn {LongPause.TotalSeconds}", Token));

        await AssertNothingWasReplacedAsync(host, before);
    }

    [Fact]
    [Trait("Fault", "45")]
    public async Task I_find_a_deployment_again_that_was_made_at_run_time_after_a_kill()
    {
        await using (var first = await DeployAsync(instances: 2))
        {
            await first.KillAsync(Token);
            await PluginProcesses.UntilNoneIsLeftAsync(State, Token);
        }

        await using var second = await StrainedHost.StartAsync(State, _folder.Sub("plugin"), 2, Token);

        Assert.Equal("all serve", await second.AskAsync("wait", Token));
        Assert.StartsWith("Ready 2 of 2", await second.AskAsync("state", Token), StringComparison.Ordinal);
        Assert.StartsWith("Ok", await second.AskAsync("ask", Token), StringComparison.Ordinal);
    }

    private async Task<StrainedHost> DeployAsync(int instances)
    {
        Machine.Needs();
        var plugin = PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var host = await StrainedHost.StartAsync(State, plugin, instances, Token);
        Assert.Equal("deployed", await host.AskAsync("deploy", Token));
        return host;
    }

    /// <summary>Whatever was to be decided of the strain was decided when every instance has answered further checks.</summary>
    private async Task AssertNothingWasReplacedAsync(StrainedHost host, IReadOnlyList<int> before)
    {
        var seen = ChecksOfEachInstance();
        await Waiting.UntilAsync(() => ChecksOfEachInstance().Zip(seen).All(pair => pair.First >= pair.Second + 5), "five more status checks of each instance", Token);

        Assert.Equal("Ready 3 of 3; ", await host.AskAsync("state", Token));
        Assert.Equal(before, PluginProcesses.Below(State));
        Assert.StartsWith("Ok", await host.AskAsync("ask", Token), StringComparison.Ordinal);
    }

    /// <summary>The plugin writes every request into its log.</summary>
    private List<int> ChecksOfEachInstance()
        => [.. Directory.GetFiles(Path.Combine(State, "instances"), "plugin.log", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(log => File.ReadAllText(log).Split("/status_check").Length)];
}
