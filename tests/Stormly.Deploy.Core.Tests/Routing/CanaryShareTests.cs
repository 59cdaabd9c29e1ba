using System.Collections.Frozen;
using System.Collections.Immutable;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

public class CanaryShareTests
{
    private const int Keys = 100_000;
    private static readonly string Salt = new('a', 64);

    [Fact]
    public void PlaceOf_KnownKeys_NeverChangesFromOneVersionToTheNext()
    {
        Assert.Equal(0.9962655, CanaryShare.PlaceOf(Salt, "user-1"), 7);
        Assert.Equal(0.8434730, CanaryShare.PlaceOf(Salt, "Zoë 🦆"), 7);
        Assert.Equal(0.5895650, CanaryShare.PlaceOf(new string('b', 64), "user-1"), 7);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99.9)]
    public void Takes_ManyKeys_GivesTheShareAndTheSameSideEachTime(double percent)
    {
        var route = Route(percent / 100);
        var taken = 0;
        for (var i = 0; i < Keys; i++)
        {
            var takes = route.Takes($"caller-{i}", Random.Shared);
            Assert.Equal(takes, route.Takes($"caller-{i}", Random.Shared));
            taken += takes ? 1 : 0;
        }

        // Four standard deviations of a fair draw.
        var tolerance = 4 * Math.Sqrt(Keys * percent / 100 * (1 - (percent / 100)));
        Assert.InRange(taken, (Keys * percent / 100) - tolerance, (Keys * percent / 100) + tolerance);
    }

    [Fact]
    public void Takes_ShareGrows_OnlyMovesKeysToTheCanary()
    {
        double[] shares = [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999];
        var routes = shares.Select(s => Route(s)).ToList();
        for (var i = 0; i < Keys; i++)
        {
            var sides = routes.ConvertAll(r => r.Takes($"caller-{i}", Random.Shared));

            Assert.Equal(sides.Order(), sides);
        }
    }

    [Fact]
    public void Takes_AnotherRevision_PutsOtherKeysFirst()
    {
        var (one, other) = (Route(0.1), Route(0.1, new string('b', 64)));

        var both = Enumerable.Range(0, Keys).Count(i => one.Takes($"caller-{i}", Random.Shared) && other.Takes($"caller-{i}", Random.Shared));

        Assert.InRange(both, 800, 1200);
    }

    [Fact]
    public void Takes_NoKey_IsDrawnAtTheShare()
    {
        var (route, random) = (Route(0.2), new Random(7));

        Assert.InRange(Enumerable.Range(0, Keys).Count(_ => route.Takes(null, random)), 19_500, 20_500);
        Assert.InRange(Enumerable.Range(0, Keys).Count(_ => route.Takes("", random)), 19_500, 20_500);
    }

    [Fact]
    public void Takes_ListedKey_GetsTheCanaryOnceAnythingIsRouted()
    {
        var place = Enumerable.Range(0, 100).Select(i => $"caller-{i}").First(k => CanaryShare.PlaceOf(Salt, k) > 0.9);

        Assert.True(Route(0.001, keys: [place]).Takes(place, Random.Shared));
        Assert.False(Route(0.001).Takes(place, Random.Shared));
        Assert.False(Route(0, keys: [place]).Takes(place, Random.Shared));
    }

    [Fact]
    public void Claim_OneSideHasNone_TheOtherAnswersAndItIsCounted()
    {
        var (canary, stable) = (Target("canary"), Target("stable"));
        var spills = new CanarySpills(PluginName.Parse("churn"), null);
        var route = Whole(Route(0.999, spills: spills, canary: [canary], stable: [stable]), canary, stable);
        Assert.Same(canary, TargetPicker.Claim(route, "a key", 1, [], Random.Shared));

        Assert.Same(stable, TargetPicker.Claim(route, "a key", 1, [], Random.Shared));
        Assert.Equal((1, 0), (spills.ToStable, spills.ToCanary));
        Assert.Null(TargetPicker.Claim(route, "a key", 1, [], Random.Shared));

        stable.Release();
        canary.Close();
        Assert.Same(stable, TargetPicker.Claim(route, "a key", 1, [], Random.Shared));
        var before = Whole(Route(0, spills: spills, canary: [Target("new")], stable: [stable]), stable);
        Assert.Equal("new", TargetPicker.Claim(before, "a key", 1, [], Random.Shared)!.Instance.Value);
        Assert.Equal((2, 1), (spills.ToStable, spills.ToCanary));
    }

    [Fact]
    public void Claim_Warm_AllocatesNothing()
    {
        var (canary, stable) = (Target("canary"), Target("stable"));
        canary.Window = new TrafficWindow();
        var route = Whole(Route(0.5, keys: ["tester"], canary: [canary], stable: [stable]), canary, stable);
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                var target = TargetPicker.Claim(route, i % 2 == 0 ? "caller-ü" : null, 64, [], Random.Shared)!;
                target.NoteOutcome(i % 3 != 0, TimeSpan.FromMilliseconds(i));
                target.Release();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static CanaryRoute Route(
        double share, string? salt = null, FrozenSet<string>? keys = null, CanarySpills? spills = null, ImmutableArray<RouteTarget>? canary = null, ImmutableArray<RouteTarget>? stable = null) => new()
        {
            Share = share,
            Salt = salt ?? Salt,
            Keys = keys ?? [],
            Spills = spills ?? new CanarySpills(PluginName.Parse("churn"), null),
            Targets = canary ?? [],
            Stable = stable ?? [],
        };

    private static PluginRoute Whole(CanaryRoute canary, params ImmutableArray<RouteTarget> targets)
        => new() { Plugin = PluginName.Parse("churn"), Availability = RouteAvailability.Serving, Targets = targets, Canary = canary };

    private static RouteTarget Target(string name)
        => new(new InstanceId(name), new RevisionId(name), new InstanceAddress("127.0.0.1", 1), RoutingWorld.Endpoint);
}
