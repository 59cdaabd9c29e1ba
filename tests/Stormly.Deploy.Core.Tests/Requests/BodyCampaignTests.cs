using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class BodyCampaignTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Fault", "70")]
    public void WriteRequestBody_RandomAndHostileBodies_EachGetsTheRightAnswer(ulong seed)
    {
        var (right, wrong) = BodyCampaign.Run(seed, 2000);

        Assert.Empty(wrong);
        Assert.All(right, r => Assert.True(r.Value >= 5, $"only {r.Value} bodies were {r.Key}: the campaign does not show what it should"));
    }

    [Theory]
    [InlineData("{\"props\":{\"user_created\":1,\"feature_b\":true}}", "Accepted")]
    [InlineData("{\"props\":{\"user_created\":1,\"feature_b\":1}}", "Refused")]
    [InlineData("{\"props\":{\"feature_b\":true}}", "Refused")]
    [InlineData("{\"props\":{\"user_created\":1,\"feature_b\":true,\"x\":{\"a\":1,\"\\u0061\":2}}}", "Repeated")]
    [InlineData("{\"props\":{\"user_created\":\"\\ud800\",\"feature_b\":true}}", "NotJson")]
    [InlineData("{\"props\":{},}", "NotJson")]
    public void Decide_Body_KnowsWhatIsRight(string body, string kind)
        => Assert.Equal(kind, BodyOracle.Decide(System.Text.Encoding.UTF8.GetBytes(body)).Kind.ToString());
}
