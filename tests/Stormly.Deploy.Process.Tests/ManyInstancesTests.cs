using System.Globalization;
using Stormly.Deploy.Process.Stopping;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests;

public class ManyInstancesTests
{
    private const string Python = "/usr/bin/python3";

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

        var output = await HostProgram.RunAsync("ulimit -n 200", "exhausting", sandbox.InstancesFolder, "echo up {port}; exec sleep 1000");

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
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);
        var user = OrdinaryUser.ForTests();
        user.MayEnter(sandbox.Folder);
        user.MayEnter(sandbox.InstancesFolder);

        var output = await HostProgram.RunAsync($"export DOTNET_TieredCompilation=0; {user.Limited(processes: 80)}", "exhausting", sandbox.InstancesFolder, "echo up {port}; exec sleep 1000");

        Assert.Contains("refused: ", output, StringComparison.Ordinal);
        Assert.Contains("ended meanwhile: 0 of ", output, StringComparison.Ordinal);
        Assert.Contains("started again: True", output, StringComparison.Ordinal);
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

    [Fact]
    [Trait("Fault", "24")]
    [Trait("Fault", "26")]
    public async Task Find_ProcessThatHandsItselfOnWithoutEnd_IsNeverBelievedToBeGone()
    {
        await using var sandbox = new Sandbox();
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed.");

        // A new process in a session of its own every few milliseconds, and the one before ends: a single look through the process table may miss both.
        // It ignores TERM, because the lifeline tells it to end as soon as the command has ended.
        const string Hopper = "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n  if os.fork(): os._exit(0)\n  os.setsid(); time.sleep(0.005)";
        var instance = await sandbox.StartAsync($": {{port}}; {Python} -c '{Hopper}'; sleep 0.5");
        await instance.Exited.WaitAsync(Sandbox.Token);
        for (var i = 0; i < 50; i++)
        {
            var members = InstanceMembers.Find(instance.Identity);
            Assert.True(members.Plugin.Count > 0 || members.Unclear, $"Look {i} found nothing.");
        }

        await instance.StopAsync(TimeSpan.Zero, Sandbox.Token);
        Assert.Empty(Sandbox.Living(instance));
    }

    [Fact]
    [Trait("Fault", "24")]
    public async Task StopAsync_ForkBomb_IsContainedByTheUsersLimitAndLeavesNothing()
    {
        await using var sandbox = new Sandbox();
        var user = OrdinaryUser.ForTests();
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed.");
        var neighbour = await sandbox.StartAsync(DummyPlugin.Command("serve --port {port}"));
        await neighbour.WaitReadyAsync();

        // At the limit it goes on trying.
        const string Bomb = "import os, time\nwhile True:\n  try: os.fork()\n  except OSError: time.sleep(0.05)";
        var bomb = await sandbox.StartAsync($": {{port}}; {user.Limited(processes: 60, Python, "-c", Bomb)}");
        await Waiting.UntilAsync(() => Sandbox.Living(bomb).Count >= 50 || bomb.Exited.IsCompleted, "the bomb to go off", Sandbox.Token);
        Assert.False(bomb.Exited.IsCompleted, bomb.ReadOutputTail());

        Assert.InRange(Sandbox.Living(bomb).Count, 1, 80);
        Assert.Contains("200", await neighbour.PostAsync("/predict", "200"), StringComparison.Ordinal);
        await bomb.StopAsync(TimeSpan.FromSeconds(1), Sandbox.Token);

        Assert.Empty(Sandbox.Living(bomb));
        Assert.False(neighbour.Exited.IsCompleted);
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
