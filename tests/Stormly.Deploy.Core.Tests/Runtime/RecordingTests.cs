using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Runtime;

/// <summary>A run is recorded, its recording is replayed, and decides the same.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stormly-recording-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Replay_EveryLifeOfSimulatedRuns_DecidesTheSame()
    {
        var (lives, events, kinds) = (0, 0, new HashSet<string>(StringComparer.Ordinal));
        for (var seed = 1ul; seed <= 60; seed++)
        {
            foreach (var (begin, steps) in Record(seed))
            {
                var read = steps.Select(s => Through(new RecordedLine { Step = s }).Step!).ToList();
                var report = RunReplay.Run(Through(new RecordedLine { Begin = begin }).Begin!, read);

                Assert.True(report.Agrees, $"seed {seed}: {report.Difference}");
                Assert.Equal(steps.Count, report.Events);
                Assert.Equal(steps.SelectMany(s => s.Decisions).Select(d => d.Why), report.Decisions.Select(d => d.Why));
                (lives, events) = (lives + 1, events + steps.Count);
                kinds.UnionWith(steps.Select(s => s.News.GetType().Name));
            }
        }

        Assert.InRange(lives, 60, int.MaxValue);
        Assert.InRange(events, 3000, int.MaxValue);
        Assert.Superset(new HashSet<string>(["DeployWanted", "ScaleWanted", "Demand", "Restored", "Allowed", "Exited"]), kinds);
    }

    /// <summary>A kind of event without a name of its own could not be written.</summary>
    [Fact]
    public void Event_OfEveryKindThatDecides_HasAName()
    {
        var named = typeof(DeploymentEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Cast<JsonDerivedTypeAttribute>().Select(a => a.DerivedType);

        Assert.Equal(
            typeof(DeploymentEvent).GetNestedTypes().Where(t => t.BaseType == typeof(DeploymentEvent) && t != typeof(DeploymentEvent.Questioned)).Select(t => t.Name).Order(StringComparer.Ordinal),
            named.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Replay_ARealRun_DecidesTheSameAndTellsWhy()
    {
        var file = await RunAsync();

        var report = RecordedRun.Replay(file);

        Assert.True(report.Agrees, $"{report.Difference}");
        Assert.Equal(("churn", "the deployment ended"), (report.Plugin.Value, report.Ended));
        Assert.Contains(report.Decisions, d => d.Kind == DecisionKind.Rollback);
        Assert.Contains(report.Decisions, d => d.What.Contains("change the wanted number of instances from 1 to 2", StringComparison.Ordinal));
        Assert.Contains(report.Decisions, d => d.Kind == DecisionKind.Replace && d.Basis is not null);
        Assert.Equal(report.Decisions.OrderBy(d => d.At), report.Decisions);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Replay_ADecisionThatIsOtherNow_IsToldWithBothAnswers()
    {
        var file = await RunAsync();
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text.Replace("the wanted number of instances from 1 to 2", "the wanted number of instances from 1 to 3", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var difference = RecordedRun.Replay(file).Difference!;

        Assert.Equal("ScaleWanted", difference.News);
        Assert.Contains(difference.Recorded, l => l.Contains("from 1 to 3", StringComparison.Ordinal));
        Assert.Contains(difference.Replayed, l => l.Contains("from 1 to 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_TornAtAnyByteOfItsLastLines_TellsThatAndReplaysTheRest()
    {
        var file = await RunAsync();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var steps = RecordedRun.Replay(file).Events;
        for (var cut = 1; cut < 400; cut += 7)
        {
            await File.WriteAllBytesAsync(file, bytes[..^cut], TestContext.Current.CancellationToken);

            var report = RecordedRun.Replay(file);

            Assert.True(report.Agrees);
            Assert.InRange(report.Events, steps - 10, steps);
            Assert.True(cut == 1 || report.Ended.Contains("torn", StringComparison.Ordinal) || report.Ended.Contains("without a word", StringComparison.Ordinal), report.Ended);
        }
    }

    [Theory]
    [InlineData("", "line 1 is missing")]
    [InlineData("hello\n", "line 1 does not begin a recording")]
    [InlineData("[]\n", "line 1 does not begin a recording")]
    [InlineData("{\"begin\": {\"stormlyRecording\": 2, \"whatever\": []}}\n", "of version 2, and this library reads version 1")]
    [InlineData("{\"begin\": {\"stormlyRecording\": 1}}\n", "line 1 cannot be understood")]
    public async Task Replay_NoRecording_TellsTheLineAndWhatIsWrong(string content, string expected)
    {
        var file = Path.Combine(_folder.FullName, "none.jsonl");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);

        var error = Assert.Throws<PluginDeploymentException>(() => RecordedRun.Replay(file));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ALineInTheMiddleIsBroken_IsRefusedWithItsNumber()
    {
        var file = await RunAsync();
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        lines[4] = lines[4][..^5];
        await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);

        Assert.Contains("line 5 cannot be understood", Assert.Throws<PluginDeploymentException>(() => RecordedRun.Replay(file)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<PluginDeploymentException>(() => RecordedRun.Replay(file + ".none")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_BeyondItsBound_EndsThereAndSaysSo()
    {
        var begin = Begin();
        var recorder = RunRecorder.Begin(_folder.FullName, () => begin, new RecordingOptions { Enabled = true, MaxBytes = 64 << 10 }, _ => { })!;
        for (var i = 0; i < 2000; i++)
        {
            recorder.Note(RecordedStep.Of(new DeploymentEvent.Noted(DecisionKind.Recover, "churn", "note", new string('x', 100)), new Moment(TimeSpan.FromSeconds(i), DateTimeOffset.UnixEpoch), [new DeploymentEffect.Record(DecisionKind.Recover, "churn", "note", new string('x', 100))]));
        }

        await recorder.DisposeAsync();

        var file = Assert.Single(_folder.GetFiles());
        Assert.InRange(file.Length, 32 << 10, (64 << 10) + 200);
        var report = RecordedRun.Replay(file.FullName);
        Assert.True(report.Agrees);
        Assert.Contains("MaxBytes, 65536 bytes", report.Ended, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_TheDiskCannotBeWritten_IsToldOnceAndTheDeploymentGoesOn()
    {
        await using var bench = new DeploymentBench();
        Directory.CreateDirectory(bench.State);
        await File.WriteAllTextAsync(Path.Combine(bench.State, "recordings"), "in the way", TestContext.Current.CancellationToken);
        bench.Run(o => o.Recording.Enabled = true);

        Assert.Equal(DeploymentPhase.Ready, (await bench.DeployAsync(bench.Source())).Phase);
    }

    [Fact]
    public async Task Record_MoreRunsThanAreKept_RemovesTheOldestOfThisDeployment()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "churn-b-20260102T030405000.jsonl"), "of another deployment", TestContext.Current.CancellationToken);
        for (var run = 0; run < 5; run++)
        {
            var begin = Begin() with { Begun = DateTimeOffset.UnixEpoch.AddYears(40).AddDays(run) };
            await RunRecorder.Begin(_folder.FullName, () => begin, new RecordingOptions { Enabled = true, Kept = 2 }, _ => { })!.DisposeAsync();
        }

        Assert.Equal(["churn-20100104T000000000.jsonl", "churn-20100105T000000000.jsonl", "churn-b-20260102T030405000.jsonl"], _folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Record_NotAskedFor_WritesNothing()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());

        Assert.False(Directory.Exists(Path.Combine(bench.State, "recordings")));
    }

    private static RecordedBegin Begin() => RecordedBegin.Of(new DeploymentState { Plugin = PluginName.Parse("churn") }, new MachineSettings
    {
        Start = new(),
        StatusCheck = new(),
        BackOff = new(),
        Rollout = new(),
        Outlier = new(),
        NewId = InstanceId.New,
    }, DateTimeOffset.UnixEpoch);

    /// <summary>A run with a deploy, a sick instance, a bad revision that is gone back from, a scale command and the end.</summary>
    private async Task<string> RunAsync()
    {
        await using var bench = new DeploymentBench().Run(o => o.Recording.Enabled = true);
        await bench.DeployAsync(bench.Source(1));
        bench.Host.Started[0].Status = Testing.InMemoryAnswer.Code(500);
        await bench.UntilAsync(() => bench.Host.Started.Count == 2 && bench.Snapshot is { ReadyInstances: 1, Instances.Length: 1 }, "the substitute", TimeSpan.FromMilliseconds(250));
        bench.Host.OnStart = i => i.Exit(3);
        await Assert.ThrowsAsync<Hosts.InstanceStartException>(() => bench.DeployAsync(bench.Source(2), TimeSpan.FromMilliseconds(250)));
        bench.Host.OnStart = _ => { };
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 2, TestContext.Current.CancellationToken));
        await bench.UntilAsync(() => bench.Snapshot.ReadyInstances == 2, "both instances");
        await bench.EndAsync();
        var file = Assert.Single(Directory.GetFiles(Path.Combine(bench.State, "recordings")));
        var copy = Path.Combine(_folder.FullName, "run.jsonl");
        File.Move(file, copy);
        return copy;
    }

    /// <summary>What the lives of a simulated host application learn and decide.</summary>
    private static List<(RecordedBegin Begin, List<RecordedStep> Steps)> Record(ulong seed)
    {
        var lives = new List<(RecordedBegin Begin, List<RecordedStep> Steps)>();
        DeploymentState? last = null;
        var options = new SimulationOptions
        {
            Machine = (real, settings) => (state, news, now) =>
            {
                if (!ReferenceEquals(state, last))
                {
                    lives.Add((RecordedBegin.Of(state, settings, now.Wall), []));
                }

                var (after, effects) = real(state, news, now);
                lives[^1].Steps.Add(RecordedStep.Of(news, now, effects));
                last = after;
                return (after, effects);
            },
        };
        Assert.Null(Simulation.Simulation.Run(seed, options).Failure);
        return lives;
    }

    private static RecordedLine Through(RecordedLine line)
        => JsonSerializer.Deserialize(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(line, RecordingJson.Default.RecordedLine)), RecordingJson.Default.RecordedLine)!;
}
