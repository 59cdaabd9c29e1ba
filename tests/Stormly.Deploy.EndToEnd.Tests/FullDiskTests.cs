using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd;

/// <summary>The state folder on a real disk that is full, or read-only, or whose folders are gone.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A name of its own: the processes of other runs have folders at the same place of other disks.</summary>
    private string State => $"{StrainedHost.Disk}/{Path.GetFileName(_folder.FullName)}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Fault", "49")]
    public async Task I_am_told_the_path_when_the_disk_is_full_and_the_old_model_serves_on()
    {
        await using var host = await DeployAsync();
        var before = Path.Combine(_folder.FullName, "before");
        await ShellAsync(host, $"cp {State}/deployments/dummy.journal {before}.journal; find {State} | sort >{before}.txt");

        await ShellAsync(host, $"dd if=/dev/zero of={StrainedHost.Disk}/filler bs=4k 2>/dev/null");
        WritePlugin("second");
        var refused = await host.AskAsync("deploy", Token);

        Assert.StartsWith("refused: ", refused, StringComparison.Ordinal);
        Assert.Contains(State, refused, StringComparison.Ordinal);
        Assert.Contains("No space left", refused, StringComparison.OrdinalIgnoreCase);
        await AssertServesAsync(host, "first");

        // Only what the first deploy left is there: no half file, no half revision, no folder of an instance that never was.
        Assert.Equal("ended with 0", await ShellAsync(host, $"cmp {State}/deployments/dummy.journal {before}.journal && find {State} | sort | cmp - {before}.txt"));

        await ShellAsync(host, $"rm {StrainedHost.Disk}/filler");
        Assert.Equal("deployed", await host.AskAsync("deploy", Token));
        await AssertServesAsync(host, "second");
    }

    [Fact]
    [Trait("Fault", "49")]
    [Trait("Fault", "50")]
    public async Task A_substitute_waits_for_a_disk_that_can_be_written_again()
    {
        await using var host = await DeployAsync();

        Assert.Equal("ended with 0", await ShellAsync(host, $"mount --bind {State} {State} && mount -o remount,bind,ro {State}"));
        WritePlugin("second");
        var refused = await host.AskAsync("deploy", Token);
        Assert.Contains(State, refused, StringComparison.Ordinal);
        Assert.Contains("Read-only", refused, StringComparison.OrdinalIgnoreCase);
        await AssertServesAsync(host, "first");

        PluginProcesses.Kill(State);
        await Waiting.UntilAsync(() => PluginProcesses.Below(State).Count == 0, "the end of the instance", Token);
        await UntilStateAsync(host, "0 of 1; ", "Read-only");
        Assert.StartsWith("Unavailable", await host.AskAsync("ask", Token), StringComparison.Ordinal);

        Assert.Equal("ended with 0", await ShellAsync(host, $"umount {State}"));
        Assert.Equal("all serve", await host.AskAsync("wait", Token));
        await AssertServesAsync(host, "first");
    }

    [Theory]
    [Trait("Fault", "50")]
    [InlineData("instances")]
    [InlineData("instances/*/log")]
    public async Task Folders_that_are_gone_come_back_with_the_next_start(string gone)
    {
        await using var host = await DeployAsync();

        await ShellAsync(host, $"rm -rf {State}/{gone}");
        await AssertServesAsync(host, "first");
        PluginProcesses.Kill(State);
        await UntilStateAsync(host, "Ready 1 of 1; ", "signal 9");

        await AssertServesAsync(host, "first");
        Assert.Equal("ended with 0", await ShellAsync(host, $"ls {State}/instances/*/manifest.json {State}/instances/*/log/plugin.log >/dev/null"));
    }

    private static Task<string> ShellAsync(StrainedHost host, string command) => host.AskAsync($"shell {command}", Token);

    private static async Task AssertServesAsync(StrainedHost host, string model)
    {
        var answer = await host.AskAsync("ask", Token);
        Assert.StartsWith("Ok", answer, StringComparison.Ordinal);
        Assert.Contains($"\"model\":\"{model}\"", answer, StringComparison.Ordinal);
    }

    private static Task UntilStateAsync(StrainedHost host, params string[] words)
        => Waiting.UntilAsync(
            async () =>
            {
                var state = await host.AskAsync("state", Token);
                return words.All(word => state.Contains(word, StringComparison.Ordinal));
            },
            $"'{string.Join("', '", words)}' in the state of the host application",
            Token);

    private async Task<StrainedHost> DeployAsync()
    {
        Machine.Needs("unshare");
        if (StrainedHost.WhyNoDisk() is { } why)
        {
            Assert.Skip(why);
        }

        WritePlugin("first");
        var host = await StrainedHost.OnItsOwnDiskAsync(megabytes: 1, State, _folder.Sub("plugin"), instances: 1, Token);
        Assert.Equal("deployed", await host.AskAsync("deploy", Token));
        return host;
    }

    private void WritePlugin(string model)
        => PluginFiles.Write(_folder.Sub("plugin"), DummyPlugin.Command($"serve --port 5000 --model {model}"), options: model);
}
