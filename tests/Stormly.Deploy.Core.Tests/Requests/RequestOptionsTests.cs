using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class RequestOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDesign_AndValid()
    {
        var options = new RequestOptions();

        Assert.Equal((1_048_576, 64, NowFormat.UnixSeconds, false), (options.MaxBodyBytes, options.MaxDepth, options.NowFormat, options.FillMissingFeatures));
        Assert.True(new RequestOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Validate_EverythingWrong_NamesEveryProblemWithRuleAndValue()
    {
        var result = new RequestOptionsValidator().Validate(null, new RequestOptions { MaxBodyBytes = 0, MaxDepth = 1001, NowFormat = (NowFormat)7 });

        Assert.Equal(
            [
                "`Requests:MaxBodyBytes` must be 1 to 1073741824, was: 0",
                "`Requests:MaxDepth` must be 2 to 1000, was: 1001",
                "`Requests:NowFormat` must be one of UnixSeconds, UnixMilliseconds, Iso8601, was: 7",
            ],
            result.Failures!);
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(1_073_741_824, 1000, true)]
    [InlineData(-1, 64, false)]
    [InlineData(1_073_741_825, 64, false)]
    [InlineData(1, 1, false)]
    public void Validate_AtTheEdges_HoldsTheRange(int bytes, int depth, bool expected)
        => Assert.Equal(expected, new RequestOptionsValidator().Validate(null, new RequestOptions { MaxBodyBytes = bytes, MaxDepth = depth }).Succeeded);
}
