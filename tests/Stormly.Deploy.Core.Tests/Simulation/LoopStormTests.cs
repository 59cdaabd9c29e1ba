namespace Stormly.Deploy.Simulation;

/// <summary>The real loops, on a machine in memory and a played clock. <c>goals loops</c> runs many more.</summary>
public class LoopStormTests
{
    private const int Storms = 8;
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
}
