using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Cli.Tests;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly PluginFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Replay_ARecording_PrintsEveryDecisionAndThatItIsAsRecorded()
    {
        var run = ToolRun.Of("replay", await RecordAsync());

        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.StartsWith("plugin churn, recorded from 2026-01-02 03:04:", run.Output, StringComparison.Ordinal);
        Assert.Contains("  start churn-", run.Output, StringComparison.Ordinal);
        Assert.Contains("its status check answered 500; any code but 200 replaces at once", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("The recording ends there: the deployment ended.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ADecisionThatIsOtherNow_PrintsBothAndFails()
    {
        var recorded = await File.ReadAllTextAsync(await RecordAsync(), TestContext.Current.CancellationToken);
        var changed = _files.Write("changed.jsonl", recorded.Replace("any code but 200 replaces at once", "it was asked for", StringComparison.Ordinal));

        var run = ToolRun.Of("replay", changed);

        Assert.Equal((1, ""), (run.Exit, run.Error));
        Assert.Contains("Probed at 03:04:", run.Output, StringComparison.Ordinal);
        Assert.Contains("  recorded:\n    replace churn-", run.Output, StringComparison.Ordinal);
        Assert.Contains("  now:\n    replace churn-", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_NoRecording_SaysWhatIsWrongAndFails()
    {
        var run = ToolRun.Of("replay", _files.Write("other.jsonl", "{}\n"));

        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains("line 1 does not begin a recording", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, ToolRun.Of("replay", "/nowhere/at/all").Exit);
        Assert.Equal(2, ToolRun.Of("replay").Exit);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/proc")]
    public void Replay_NoFile_SaysSoAndReadsNothing(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These paths are Linux's.");
        var run = ToolRun.Of("replay", path);

        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains($"The recording '{path}' cannot be read: It is a folder, a pipe or a device, and no file.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_ALineWithoutEnd_IsNotReadToItsEnd()
    {
        var path = Path.Combine(_files.Folder, "line.jsonl");
        using (var file = File.Create(path))
        {
            file.SetLength((64 << 20) + 1);
        }

        Assert.Contains("line 1 is too long", ToolRun.Of("replay", path).Error, StringComparison.Ordinal);
    }

    /// <summary>A run in which an instance turns sick and is replaced.</summary>
    private async Task<string> RecordAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        using var plugin = PluginFiles.OfExamples();
        var state = Path.Combine(_files.Folder, "state");
        var services = new ServiceCollection();
        var memory = new InMemoryInstanceHost(clock);
        services.AddPluginDeployment(o => (o.StateFolder, o.Recording.Enabled, o.Follow.Enabled) = (state, true, false)).UseInMemory(memory);
        var application = services.BuildServiceProvider();
        var deployments = application.GetRequiredService<IPluginDeployments>();
        await clock.PlayAsync(deployments.DeployAsync(PluginSource.FromFolder("churn", plugin.Folder), token), token);
        memory.Started[0].Status = InMemoryAnswer.Code(500);
        await clock.PlayUntilAsync(() => memory.Started.Count == 2 && memory.Started[0].IsGone, "the substitute", cancellationToken: token);
        await clock.PlayAsync(application.DisposeAsync().AsTask(), token);
        return Assert.Single(Directory.GetFiles(Path.Combine(state, "recordings")));
    }
}
