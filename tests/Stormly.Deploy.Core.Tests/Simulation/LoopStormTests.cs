using System.Diagnostics;

namespace Stormly.Deploy.Simulation;

/// <summary>The real loops, on a machine in memory and a played clock. <c>goals loops</c> runs many more.</summary>
public class LoopStormTests
{
    private const int Storms = 8;
    private const int StormsOnOneThread = 20;
    private const int Tries = 20;

    [Fact]
    [Trait("Fault", "46")]
    public async Task RunAsync_Storms_BreakNoPromise()
    {
        var (requests, starts) = (0, 0);

        var failures = await LoopCampaign.RunAsync(1, Storms, r => (requests, starts) = (requests + r.Requests, starts + r.Starts), TestContext.Current.CancellationToken);

        Assert.True(failures.IsEmpty, $"{failures.Length} of {Storms} storms broke a promise: {failures.FirstOrDefault()}");
        Assert.True(requests > Storms && starts > Storms);
    }

    /// <summary>In a process of its own with one thread, so that nothing but the seed says what happens when: two of them tell the same, to the last line.</summary>
    [Fact]
    [Trait("Fault", "46")]
    public async Task Program_SameSeeds_BreakNoPromiseAndTellTheSameStory()
    {
        var stories = await Task.WhenAll(TellAsync(), TellAsync());

        Assert.True(stories[0].ExitCode == 0, stories[0].Story);
        Assert.Equal(stories[0].Story, stories[1].Story);
        Assert.Equal(StormsOnOneThread, stories[0].Story.Split('\n').Count(static l => l.EndsWith(": no promise broken", StringComparison.Ordinal)));
        Assert.Contains("takes requests (its status check answered 200", stories[0].Story, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SpoiledWorlds.Names), MemberType = typeof(SpoiledWorlds))]
    public async Task RunAsync_SpoiledWorld_IsCaught(string spoiled)
    {
        LoopResult? failed = null;
        for (var seed = 1ul; failed is null && seed <= Tries; seed++)
        {
            failed = await LoopStorm.RunAsync(seed, SpoiledWorlds.Find(spoiled)) is { Failure: not null } broken ? broken : null;
        }

        Assert.NotNull(failed);
        Assert.NotEmpty(failed.Story);
    }

    private static async Task<(int ExitCode, string Story)> TellAsync()
    {
        using var program = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Stormly.Deploy.Simulation"), ["1", $"{StormsOnOneThread}"]) { RedirectStandardOutput = true })!;
        var story = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (program.ExitCode, story);
    }
}
