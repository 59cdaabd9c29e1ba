using System.Globalization;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Launching;

public class OutputTests
{
    [Theory]
    [Trait("Fault", "29")]
    [Trait("Fault", "30")]
    [InlineData("--mb 200 --rate 100 --shape lines")]
    [InlineData("--mb 500 --shape nonl")]
    [InlineData("--mb 100 --shape nonl --stderr")]
    [InlineData("--mb 100 --shape binary")]
    [InlineData("--mb 20 --shape utf8 --stderr")]
    [InlineData("--mb 20 --shape ansi --stderr")]
    public async Task ReadOutputTail_Flood_IsBoundedPrintableAndNeverBlocksThePlugin(string flood)
    {
        await using var sandbox = new Sandbox();

        var instance = await sandbox.StartAsync(DummyPlugin.Command($"flood {flood} --code 5"));
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        // It came to its end, so nothing blocked it; and its last words are there.
        Assert.Equal(5, exit.ExitCode);
        Assert.EndsWith("flood ended", exit.OutputTail, StringComparison.Ordinal);
        Assert.True(exit.OutputTail.Length < 128 * 1024, $"The tail has {exit.OutputTail.Length} characters.");
        Assert.DoesNotContain(exit.OutputTail, c => char.IsControl(c) && c is not ('\n' or '\t'));
    }

    [Theory]
    [Trait("Fault", "29")]
    [Trait("Fault", "30")]
    [InlineData("--mb 300 --rate 100 --shape lines")]
    [InlineData("--mb 500 --shape nonl --stderr")]
    public async Task ReadOutputTail_Flood_NeedsNoMemoryOfTheHost(string flood)
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);

        var output = await HostProgram.RunAsync("", "flooding", sandbox.InstancesFolder, DummyPlugin.Command("flood --mb 100"), DummyPlugin.Command($"flood {flood} --code 5"));

        var words = output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["exit", "5"], words[3..]);

        // The working set holds what the runtime does for itself on a busy machine too; a host that keeps any of the output needs hundreds of megabytes.
        Assert.True(long.Parse(words[1], CultureInfo.InvariantCulture) <= 1024, $"Kilobytes of managed memory and of the working set: {output}");
        Assert.True(long.Parse(words[2], CultureInfo.InvariantCulture) <= 20 * 1024, $"Kilobytes of managed memory and of the working set: {output}");
    }

    [Fact]
    [Trait("Fault", "29")]
    public async Task PostAsync_PluginThatPrintsWhileItAnswers_IsNotBlocked()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync(DummyPlugin.Command("serve --port {port}"));
        await instance.WaitReadyAsync();

        Assert.Equal("{}", await instance.PostAsync("/print?mb=20"));

        Assert.Contains("ppp", instance.ReadOutputTail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadOutputTail_WhileRunning_HasBothStreams()
    {
        await using var sandbox = new Sandbox();

        var instance = await sandbox.StartAsync("echo out; echo err >&2; sleep 1000");

        await Waiting.UntilAsync(() => instance.ReadOutputTail().Contains("out", StringComparison.Ordinal) && instance.ReadOutputTail().Contains("err", StringComparison.Ordinal), "both lines", Sandbox.Token);
        Assert.False(instance.Exited.IsCompleted);
    }
}
