namespace Stormly.Deploy.Simulation;

public class SimulationTests
{
    private const int Seeds = 2000;

    [Fact]
    [Trait("Fault", "12")]
    [Trait("Fault", "14")]
    [Trait("Fault", "18")]
    [Trait("Fault", "21")]
    [Trait("Fault", "46")]
    [Trait("Fault", "78")]
    public void Run_ManySeeds_BreaksNoInvariant()
    {
        var from = ulong.TryParse(Environment.GetEnvironmentVariable("SIM_SEED"), out var seed) ? seed : 1;

        var result = Campaign.Run(from, from == seed ? 1 : Seeds, null, TestContext.Current.CancellationToken);

        Assert.True(result.Failed == 0, $"{result.Failed} of {result.Seeds} seeds failed; the shortest: {result.Failures.FirstOrDefault()}");
        Assert.True(result.Requests > 0 && result.Starts > 0 && result.Steps > 0);
    }

    [Fact]
    public void Run_SameSeedTwice_HasTheSameHistory()
    {
        var first = Campaign.Run(1, 200, null, TestContext.Current.CancellationToken);
        var second = Campaign.Run(1, 200, null, TestContext.Current.CancellationToken);

        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(first.Steps, second.Steps);
        Assert.NotEqual(first.Hash, Campaign.Run(201, 200, null, TestContext.Current.CancellationToken).Hash);
    }

    [Theory]
    [Trait("Fault", "48")]
    [InlineData(2)]
    [InlineData(-2)]
    public void Run_WithAnotherWallClock_HasTheSameHistory(int days)
    {
        var right = Campaign.Run(1, 200, null, TestContext.Current.CancellationToken);
        var wrong = Campaign.Run(1, 200, new SimulationOptions { WallOffset = TimeSpan.FromDays(days) }, TestContext.Current.CancellationToken);

        Assert.Equal(right.Hash, wrong.Hash);
    }

    [Fact]
    public void NextBits_OfNeighbouringSeeds_AreTheSameForeverAndNotOnePlaceApart()
    {
        var (one, next) = (new SeededRandom(1), new SeededRandom(2));

        Assert.Equal(1080608867985583705ul, one.NextBits());
        Assert.NotEqual(one.NextBits(), next.NextBits());
    }

    [Theory]
    [MemberData(nameof(Mutations.Names), MemberType = typeof(Mutations))]
    public void Run_BrokenMachine_IsCaught(string mutation)
    {
        var result = Campaign.Run(1, 50, Mutations.Find(mutation), TestContext.Current.CancellationToken);
        result = result.Failed > 0 ? result : Campaign.Run(51, 950, Mutations.Find(mutation), TestContext.Current.CancellationToken);

        Assert.True(result.Failed > 0, $"{mutation} was not noticed");
        Assert.All(result.Failures.Take(1), f => Assert.Contains($"SIM_SEED={f.Seed}", f.ToString(), StringComparison.Ordinal));
        var shortest = result.Failures[0];
        Assert.Equal(shortest, Simulation.Run(shortest.Seed, Mutations.Find(mutation)));
    }
}
