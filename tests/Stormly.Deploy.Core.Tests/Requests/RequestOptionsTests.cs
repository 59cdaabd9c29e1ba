using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class RequestOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDesign_AndValid()
    {
        var options = new RequestOptions();

        Assert.Equal((1_048_576, 64, NowFormat.UnixSeconds, false), (options.MaxBodyBytes, options.MaxDepth, options.NowFormat, options.FillMissingFeatures));
        Assert.Empty(Problems(options));
    }

    [Fact]
    public void Check_EverythingWrong_NamesEveryProblemWithRuleAndValue()
    {
        Assert.Equal(
            [
                "Requests:MaxBodyBytes must be from 1 to 1073741824, was: 0",
                "Requests:MaxDepth must be from 2 to 1000, was: 1001",
                "Requests:NowFormat must be one of UnixSeconds, UnixMilliseconds, Iso8601, was: 7",
            ],
            Problems(new RequestOptions { MaxBodyBytes = 0, MaxDepth = 1001, NowFormat = (NowFormat)7 }));
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(1_073_741_824, 1000, true)]
    [InlineData(-1, 64, false)]
    [InlineData(1_073_741_825, 64, false)]
    [InlineData(1, 1, false)]
    public void Check_AtTheEdges_HoldsTheRange(int bytes, int depth, bool expected)
        => Assert.Equal(expected, Problems(new RequestOptions { MaxBodyBytes = bytes, MaxDepth = depth }).Count == 0);

    private static IReadOnlyList<string> Problems(RequestOptions options)
    {
        var rules = new OptionRules();
        options.Check("Requests", rules);
        return rules.Problems;
    }
}
