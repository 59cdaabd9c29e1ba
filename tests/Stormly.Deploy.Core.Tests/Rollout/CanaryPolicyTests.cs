using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

public class CanaryPolicyTests
{
    private static readonly CanaryRule Rule = new();

    /// <summary>requests, failures and latency of the canary, then of the other side, the seconds that the share stood, and the verdict.</summary>
    [Theory]
    [InlineData(1000, 0, 20, 9000, 0, 20, 60, "Promote")]
    [InlineData(1000, 0, 20, 9000, 0, 20, 59, "Wait")]
    [InlineData(99, 0, 20, 9000, 0, 20, 60, "Wait")]
    [InlineData(1000, 0, 20, 99, 0, 20, 60, "Wait")]
    [InlineData(100, 2, 20, 900, 0, 20, 60, "Promote")]
    [InlineData(100, 3, 20, 900, 0, 20, 60, "Abort")]
    [InlineData(10000, 110, 20, 90000, 0, 20, 60, "Promote")]
    [InlineData(10000, 120, 20, 90000, 0, 20, 60, "Abort")]
    [InlineData(1000, 50, 20, 9000, 450, 20, 60, "Promote")]
    [InlineData(1000, 80, 20, 9000, 450, 20, 60, "Abort")]
    [InlineData(1000, 1000, 20, 9000, 9000, 20, 60, "Promote")]
    [InlineData(1000, 0, 25, 9000, 0, 20, 60, "Promote")]
    [InlineData(1000, 0, 26, 9000, 0, 20, 60, "Abort")]
    [InlineData(1000, 0, 1, 9000, 900, 20, 60, "Promote")]
    [InlineData(50, 50, 20, 900, 0, 20, 3599, "Wait")]
    [InlineData(50, 50, 20, 900, 0, 20, 3600, "Stay")]
    public void Judge_Figures_Decides(long requests, long failures, int latency, long others, long otherFailures, int otherLatency, int stood, string verdict)
    {
        var decision = CanaryPolicy.Judge(
            Rule, new(requests, failures, TimeSpan.FromMilliseconds(latency)), new(others, otherFailures, TimeSpan.FromMilliseconds(otherLatency)), TimeSpan.FromSeconds(stood));

        Assert.Equal(verdict, decision.Verdict.ToString());
        Assert.Contains($"{failures} of {requests} requests failed", decision.Reason, StringComparison.Ordinal);
        Assert.Contains($"{otherFailures} of {others} requests failed", decision.Reason, StringComparison.Ordinal);
        Assert.Contains(decision.Basis.Inputs, i => i.Name == "canary: requests" && i.Value == $"{requests}");
    }

    [Fact]
    public void Judge_TooFewRequestsAndNotToStay_Aborts()
    {
        var rule = Rule with { WhenUndecided = CanaryUndecided.Abort };

        var decision = CanaryPolicy.Judge(rule, new(3, 0, default), new(900, 0, default), rule.MaxTime);

        Assert.Equal(CanaryVerdict.Abort, decision.Verdict);
        Assert.Equal("abort", decision.Basis.Chosen);
    }

    /// <summary>What the small-sample rule is for: a canary that is exactly as bad as allowed is seldom aborted by chance, one that is clearly worse seldom kept.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void AllowedFailures_DrawnAtTheAllowedRate_RefusesAtMostOneInTwelve(int requests)
    {
        var random = new Random(11);
        var allowed = CanaryPolicy.AllowedFailures(Rule, requests, 0.01);

        var refused = Enumerable.Range(0, 2000).Count(_ => Enumerable.Range(0, requests).Count(_ => random.NextDouble() < 0.02) > allowed);
        var kept = Enumerable.Range(0, 2000).Count(_ => Enumerable.Range(0, requests).Count(_ => random.NextDouble() < 0.15) <= allowed);

        Assert.InRange(refused, 0, 2000 / 12);
        Assert.InRange(kept, 0, 10);
    }

    [Theory]
    [InlineData(0.1, 1, 100, 1)]
    [InlineData(0.1, 4, 100, 1)]
    [InlineData(0.1, 15, 100, 2)]
    [InlineData(0.5, 5, 100, 3)]
    [InlineData(0.999, 5, 100, 5)]
    [InlineData(0.5, 10, 12, 2)]
    [InlineData(0.5, 10, 10, 0)]
    [InlineData(0.5, 0, 10, 0)]
    public void CanarySize_Of_ShareOfTheWantedNumber(double share, int wanted, int ceiling, int size) => Assert.Equal(size, CanarySize.Of(share, wanted, ceiling));

    [Fact]
    public void Check_EverythingWrong_SaysEverything()
    {
        var spec = new CanarySpec
        {
            SharePercent = 100,
            Keys = [""],
            Rule = new CanaryRule
            {
                MinRequests = 1,
                MinTime = TimeSpan.FromDays(8),
                ErrorTolerancePercent = double.NaN,
                LatencyPercentile = 100,
                LatencyTolerancePercent = -1,
                Interval = TimeSpan.Zero,
                MaxTime = TimeSpan.Zero,
                WhenUndecided = (CanaryUndecided)7,
            },
        };
        var rules = new OptionRules();

        spec.Check("canary", rules);

        Assert.Equal(10, rules.Problems.Count);
        Assert.Contains("canary:SharePercent must be from 0.1 to 99.9, was: 100", rules.Problems);
        var good = new OptionRules();
        new CanarySpec { Rule = new() }.Check("canary", good);
        Assert.Empty(good.Problems);
    }
}
