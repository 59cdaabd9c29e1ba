using System.Collections.Immutable;

namespace Stormly.Deploy.Scaling;

public class MachinePlannerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(10, "2 3 4", "2 3 4")] // All of it fits.
    [InlineData(6, "2 3 4", "2 2 2")]
    [InlineData(7, "1 9 9", "1 3 3")] // Who asks for less than a fair part gets it; the rest is shared.
    [InlineData(8, "1 9 9", "1 4 3")]
    [InlineData(2, "5 5 5", "1 1 0")]
    [InlineData(9, "0 9 0", "0 9 0")]
    public void Plan_BusyOnes_GetFairParts(int limit, string wishes, string expected)
        => Assert.Equal(expected, Settle(new MachineLimits { MaxInstances = limit }, [.. Tenants(wishes)]));

    [Fact]
    public void Plan_LeastNumbers_ComeFirst()
        => Assert.Equal("4 1 1", Settle(new() { MaxInstances = 6 }, [.. Tenants("9 9 9").Select((t, i) => t with { Least = i == 0 ? 4 : 1 })]));

    [Fact]
    public void Plan_LeastNumbersThatDoNotFit_NeverGoBeyondTheLimit()
        => Assert.Equal("2 1 1", Settle(new() { MaxInstances = 4 }, [.. Tenants("3 3 3").Select(t => t with { Least = 3 })]));

    [Fact]
    public void Plan_AnIdleOne_GivesWayDownToItsLeastNumber()
    {
        var tenants = Tenants("5 5").ToArray();
        tenants[0] = tenants[0] with { Live = 5, Granted = 5, Least = 1, IdleFor = TimeSpan.FromSeconds(2) };

        Assert.Equal("1 4", Settle(new() { MaxInstances = 5 }, [.. tenants]));
    }

    [Fact]
    public void Plan_AnIdleOneThatNobodyNeeds_KeepsWhatItHas()
    {
        var tenants = Tenants("3 2").ToArray();
        tenants[0] = tenants[0] with { Live = 3, Granted = 3, IdleFor = Long };

        Assert.Equal("3 2", Settle(new() { MaxInstances = 5 }, [.. tenants]));
    }

    [Theory]
    [InlineData(1, 60, "1 0 2")] // Equally long idle: the one that is dear to start stays.
    [InlineData(60, 1, "0 1 2")]
    public void Plan_OneOfTwoIdleOnesMustGo_ItIsTheOneThatIsQuickToStart(double startA, double startB, string expected)
    {
        var tenants = Tenants("1 1 2").ToArray();
        tenants[0] = tenants[0] with { Live = 1, Granted = 1, IdleFor = Long, StartTook = TimeSpan.FromSeconds(startB) };
        tenants[1] = tenants[1] with { Live = 1, Granted = 1, IdleFor = Long, StartTook = TimeSpan.FromSeconds(startA) };

        Assert.Equal(expected, Settle(new() { MaxInstances = 3 }, [.. tenants]));
    }

    [Fact]
    public void Plan_Memory_IsSharedByWhatEachDeclares()
    {
        var tenants = Tenants("9 9").ToArray();
        tenants[0] = tenants[0] with { MemoryBytes = 100 << 20 };
        tenants[1] = tenants[1] with { MemoryBytes = 300 << 20 };

        Assert.Equal("3 1", Settle(new() { MemoryBytes = 600L << 20 }, [.. tenants]));
    }

    [Fact]
    public void Plan_AGrant_RisesOnlyWhenTheOtherHasComeDown()
    {
        var limits = new MachineLimits { MaxInstances = 4 };
        var (a, b) = (Tenant("a", 4) with { Live = 4, Granted = 4, IdleFor = Long }, Tenant("b", 4));

        var grants = MachinePlanner.Plan(limits, [a, b]);
        Assert.Equal([0, 0], grants.Select(g => g.Instances));
        Assert.Contains("4 once others have come down (others: 'a' 4)", grants[1].Why, StringComparison.Ordinal);

        Assert.Equal([0, 0], MachinePlanner.Plan(limits, [a with { Granted = 0 }, b]).Select(g => g.Instances)); // It knows; all four still live.
        Assert.Equal([0, 1], MachinePlanner.Plan(limits, [a with { Granted = 0, Live = 3 }, b]).Select(g => g.Instances));
        Assert.Equal([0, 4], MachinePlanner.Plan(limits, [a with { Granted = 0, Live = 0 }, b with { Granted = 1, Live = 1 }]).Select(g => g.Instances));
    }

    [Fact]
    public void Plan_MoreBusyOnesThanRoom_TheyTakeTurns()
    {
        var limits = new MachineLimits { MaxInstances = 1 };
        var a = Tenant("a", 1) with { Live = 1, Granted = 1, HeldFor = TimeSpan.FromSeconds(59) };
        var b = Tenant("b", 1) with { WaitsFor = TimeSpan.FromSeconds(59) };

        Assert.Equal([1, 0], MachinePlanner.Plan(limits, [a, b]).Select(g => g.Instances));
        Assert.Equal([0, 0], MachinePlanner.Plan(limits, [a with { HeldFor = TimeSpan.FromSeconds(60) }, b]).Select(g => g.Instances));
    }

    [Fact]
    public void Plan_RandomDemandPlayedForLong_NeverAboveTheLimitsNobodyStarvesAndItSettles()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            Play(new Random(seed), seed);
        }
    }

    /// <summary>Deployments that follow their grants with delays, as the real ones do.</summary>
    private static void Play(Random random, int seed)
    {
        var limits = new MachineLimits { MaxInstances = random.Next(1, 12), MemoryBytes = random.Next(2) == 0 ? null : random.Next(2, 10) * 100L, Turn = TimeSpan.FromSeconds(20) };
        var tenants = Enumerable.Range(0, random.Next(1, 6)).Select(i => Tenant($"t{i}", 0) with { MemoryBytes = random.Next(1, 3) * 100, StartTook = TimeSpan.FromSeconds(random.Next(60)) }).ToArray();
        var waited = new int[tenants.Length];
        for (var second = 0; second < 600; second++)
        {
            var injecting = second < 300;
            for (var i = 0; i < tenants.Length; i++)
            {
                var t = tenants[i];
                t = injecting && random.Next(15) == 0 ? t with { Wish = random.Next(0, 8), IdleFor = random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1) } : t;
                t = t.IdleFor > TimeSpan.Zero ? t with { IdleFor = t.IdleFor + TimeSpan.FromSeconds(1) } : t;
                var busy = t is { Wish: > 0, IdleFor.Ticks: 0 };
                var live = t.Live < Math.Min(t.Wish, t.Granted) ? t.Live + random.Next(2) : t.Live > Math.Min(t.Wish, t.Granted) ? t.Live - random.Next(2) : t.Live;
                waited[i] = busy && live == 0 ? waited[i] + 1 : 0;
                tenants[i] = t with { Live = live, HeldFor = live > 0 ? t.HeldFor + TimeSpan.FromSeconds(1) : TimeSpan.Zero, WaitsFor = TimeSpan.FromSeconds(waited[i]) };
                Assert.True(waited[i] <= 20 * tenants.Length * 2, $"seed {seed}: {t.Plugin} waits for {waited[i]} s");
            }

            Assert.False(tenants.Aggregate(MachineRoom.Empty(limits), (room, t) => room.With(t, t.Live)).IsOver, $"seed {seed}, second {second}: more lives than may");
            var grants = MachinePlanner.Plan(limits, [.. tenants]);
            Assert.False(tenants.Zip(grants).Aggregate(MachineRoom.Empty(limits), (room, p) => room.With(p.First, Math.Max(p.First.Live, p.Second.Instances))).IsOver, $"seed {seed}, second {second}: more is granted than there is");

            // Each hears of it at some time.
            tenants = [.. tenants.Zip(grants).Select(p => random.Next(4) == 0 ? p.First : p.First with { Granted = p.Second.Instances })];
        }

        var calm = tenants.Select(t => t with { HeldFor = TimeSpan.Zero }).ToImmutableArray();
        var settled = Converge(limits, calm);
        Assert.Equal(settled.Select(t => t.Granted), MachinePlanner.Plan(limits, settled).Select(g => g.Instances));
    }

    private static string Settle(MachineLimits limits, ImmutableArray<MachineTenant> tenants) => string.Join(' ', Converge(limits, tenants).Select(t => t.Granted));

    /// <summary>Everybody does what the plan says until it says nothing new.</summary>
    private static ImmutableArray<MachineTenant> Converge(MachineLimits limits, ImmutableArray<MachineTenant> tenants)
    {
        for (var i = 0; i < 20; i++)
        {
            tenants = [.. tenants.Zip(MachinePlanner.Plan(limits, tenants)).Select(p => p.First with { Granted = p.Second.Instances, Live = Math.Min(p.First.Wish, p.Second.Instances) })];
        }

        return tenants;
    }

    private static IEnumerable<MachineTenant> Tenants(string wishes) => wishes.Split(' ').Select((wish, i) => Tenant($"t{i}", int.Parse(wish, System.Globalization.CultureInfo.InvariantCulture)));

    private static MachineTenant Tenant(string plugin, int wish) => new() { Plugin = plugin, Wish = wish };
}
