using System.Globalization;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests;

public class ManyInstancesTests
{
    [Fact]
    public async Task StartAsync_FiftyAtOnce_EachHasItsOwnPortAndLifeline()
    {
        await using var sandbox = new Sandbox();
        await using var secondHost = new Sandbox();

        // Half of them leave something behind at once: their lifelines must end it, although the other half was forked meanwhile and lives on.
        var instances = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() =>
            (i % 4 < 2 ? sandbox : secondHost).StartAsync(i % 2 == 0 ? ": {port}; sleep 1000 & exit 0" : "echo {port}; sleep 1000"))));

        Assert.Equal(50, instances.Select(i => i.Address.Port).Distinct().Count());
        foreach (var leaving in instances.Where((_, i) => i % 2 == 0))
        {
            await leaving.Exited.WaitAsync(Sandbox.Token);
            await Waiting.UntilAsync(() => Sandbox.Living(leaving).Count == 0, "the leftovers to end", Sandbox.Token);
        }

        foreach (var staying in instances.Where((_, i) => i % 2 == 1))
        {
            Assert.False(staying.Exited.IsCompleted);
            await Waiting.UntilAsync(() => staying.ReadOutputTail() == staying.Address.Port.ToString(CultureInfo.InvariantCulture), "the port in the command", Sandbox.Token);
        }
    }

    [Fact]
    public async Task StopAsync_FiftyCycles_HoldsNoDescriptorAndNoChild()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);

        var output = await HostProgram.RunAsync("", "cycling", sandbox.InstancesFolder, "echo {port}; sleep 1000", "50");

        var words = output.Split('\n')[0].Split(' ');
        Assert.Equal("descriptors", words[0]);
        Assert.True(Number(words[2]) <= Number(words[1]), output);
        Assert.Equal("children", words[3]);
        Assert.Equal(0, Number(words[5]));
    }

    [Fact]
    [Trait("Fault", "54")]
    public async Task StartAsync_NoMoreDescriptors_IsRefusedInWordsAndOthersLiveOn()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);

        var output = await HostProgram.RunAsync("ulimit -n 200", "exhausting", sandbox.InstancesFolder, ": {port}; sleep 1000");

        Assert.Contains("refused: ", output, StringComparison.Ordinal);
        Assert.Contains("ended meanwhile: 0 of ", output, StringComparison.Ordinal);
        Assert.Contains("started again: True", output, StringComparison.Ordinal);
        Assert.Empty(HostProgram.Living(sandbox.InstancesFolder));
        Assert.Empty(Directory.EnumerateFiles(sandbox.InstancesFolder, "process.json", SearchOption.AllDirectories));
    }

    [Fact]
    [Trait("Fault", "54")]
    public async Task StartAsync_NoMoreProcesses_IsRefusedInWordsAndOthersLiveOn()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The limit of processes does not bind root.");
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);
        var mine = ProcTable.AllPids().Count() + 60;

        var output = await HostProgram.RunAsync($"ulimit -u {mine} || ulimit -p {mine}", "exhausting", sandbox.InstancesFolder, ": {port}; sleep 1000");

        Assert.Contains("ended meanwhile: 0 of ", output, StringComparison.Ordinal);
        Assert.Empty(HostProgram.Living(sandbox.InstancesFolder));
    }

    [Fact]
    [Trait("Fault", "28")]
    public async Task StartAsync_PluginOpensTooManyFiles_HitsItsOwnLimitOnly()
    {
        await using var sandbox = new Sandbox(o => o.OpenFiles = 128);

        var greedy = await sandbox.StartAsync(DummyPlugin.Command("open-files 10000"));
        var exit = await greedy.Exited.WaitAsync(Sandbox.Token);
        var next = await sandbox.StartAsync(DummyPlugin.Command("serve --port {port}"));
        await next.WaitReadyAsync();

        Assert.Equal(24, exit.ExitCode);
        Assert.Contains("Too many open files", exit.OutputTail, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "24")]
    [InlineData("f() { sh -c 'trap \"\" TERM; sleep 0.01' & sleep 0.01; }; trap '' TERM; while :; do f; done")]
    [InlineData("export BOMB='trap \"\" TERM; sleep 0.02; sh -c \"$BOMB\" & exit 0'; sh -c \"$BOMB\" & sh -c \"$BOMB\" & sleep 1000")]
    [InlineData("export BOMB='sleep 0.05; setsid sh -c \"$BOMB\" & exit 0'; sh -c \"$BOMB\" & sh -c \"$BOMB\" & sleep 1000")]
    public async Task StopAsync_ProcessesThatKeepForking_LeavesNothing(string command)
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync(command);
        await Waiting.UntilAsync(() => Sandbox.Living(instance).Count > 2, "the forking to begin", Sandbox.Token);

        await instance.StopAsync(TimeSpan.FromMilliseconds(100), Sandbox.Token);

        Assert.Empty(Sandbox.Living(instance));
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
