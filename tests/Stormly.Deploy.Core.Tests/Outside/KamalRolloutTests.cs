using System.Collections.Frozen;
using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Outside;

/// <summary>kamal-proxy's split of traffic between two versions (internal/server/rollout_controller_test.go), told again for canaries: its cookie is our key, its percentage our share.</summary>
public class KamalRolloutTests
{
    private const int Callers = 1000;

    [Fact]
    [Trait("Source", "MatchesAllowlistItems")]
    public void Takes_ListedKeys_GetTheCanaryAndOthersDoNot()
    {
        var route = Route(0.001, "1", "2");

        Assert.True(route.Takes("1", Random.Shared));
        Assert.True(route.Takes("2", Random.Shared));
        Assert.False(route.Takes(KeyAbove(0.001), Random.Shared));
    }

    [Theory]
    [Trait("Source", "PercentageSplit")]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(90)]
    public void Takes_NumberedKeys_AreSplitAtTheShare(int percent)
    {
        var taken = Numbered().Count(key => Route(percent / 100.0).Takes(key, Random.Shared));

        // Four standard deviations: about the 20 of 1000 that kamal-proxy allows, once for each of its shares.
        Assert.InRange(taken, (percent * 10) - 63, (percent * 10) + 63);
    }

    [Fact]
    [Trait("Source", "AllowListAndPercentageTogether")]
    public void Takes_ListAndShareTogether_AddTheListedOnesToTheShare()
    {
        var (plain, route) = (Route(0.1), Route(0.1, "00001", "00002"));

        Assert.True(route.Takes("00001", Random.Shared) && route.Takes("00002", Random.Shared));
        Assert.All(Numbered().Skip(3), key => Assert.Equal(plain.Takes(key, Random.Shared), route.Takes(key, Random.Shared)));
    }

    /// <summary>Without its cookie nobody gets the new version there. Here a key is asked of nobody: whoever brings none is drawn each time, so that a share is a share of the traffic.</summary>
    [Fact]
    [Trait("Source", "PercentageSplit")]
    [Trait("Source", "AllowListAndPercentageTogether")]
    public void Takes_WithoutAKey_Differs_IsDrawnAtTheShare()
    {
        var (route, random) = (Route(0.6), new Random(1));

        Assert.InRange(Enumerable.Range(0, Callers).Count(_ => route.Takes(null, random)), 537, 663);
    }

    /// <summary>
    /// There 0 % is a setting, and those on the list get the new version all the same. Here a canary has a share of 0.1 % at least, and 0 is what is routed before
    /// its instances are ready: then nobody gets it, and those on the list least of all, because it might not answer them.
    /// </summary>
    [Fact]
    [Trait("Source", "ZeroPercentageRoutesNothing")]
    [Trait("Source", "ZeroPercentageStillHonoursTheAllowlist")]
    public void Takes_ShareOfNothing_Differs_IsNoSettingAndRoutesNobody()
    {
        var route = Route(0, "00001");
        Assert.DoesNotContain(Numbered(), key => route.Takes(key, Random.Shared));

        var rules = new OptionRules();
        new CanarySpec { SharePercent = 0 }.Check("canary", rules);
        Assert.Contains("must be from 0.1 to 99.9", Assert.Single(rules.Problems), StringComparison.Ordinal);
    }

    /// <summary>There a rollout is switched off and on. Here it is aborted, and trying the same revision out again gives the same keys the same side.</summary>
    [Fact]
    [Trait("Source", "DisabledRoutesNothing")]
    [Trait("Source", "StateWrittenBeforeDisabledExistedRestoresEnabled")]
    public void Takes_TriedOutAgain_Differs_IsTheSameRevisionWithTheSameSides()
    {
        var (first, again) = (Route(0.5), Route(0.5));

        Assert.All(Numbered(), key => Assert.Equal(first.Takes(key, Random.Shared), again.Takes(key, Random.Shared)));
    }

    private static IEnumerable<string> Numbered() => Enumerable.Range(0, Callers).Select(i => i.ToString("d5", CultureInfo.InvariantCulture));

    private static string KeyAbove(double share) => Numbered().First(key => CanaryShare.PlaceOf(Salt, key) > share);

    private static string Salt => new('c', 64);

    private static CanaryRoute Route(double share, params string[] keys) => new()
    {
        Share = share,
        Salt = Salt,
        Keys = keys.ToFrozenSet(StringComparer.Ordinal),
        Spills = new CanarySpills(PluginName.Parse("churn"), null),
        Targets = [],
        Stable = [],
    };
}
