using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

public class ScalingOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDesign()
    {
        var options = new ScalingOptions();

        Assert.Equal((4, 2, 1000, 2, 200), (options.TargetInFlight, options.Tick.TotalSeconds, options.MaxScaleUpRate, options.MaxScaleDownRate, options.PanicThresholdPercentage));
        Assert.Equal((60, 6, 30), (options.StableSeconds, options.PanicSeconds, options.ScaleToZeroGrace.TotalSeconds));
    }

    [Theory]
    [InlineData(60, 10, 6)]
    [InlineData(6, 1, 1)]
    [InlineData(61, 10, 7)]
    public void PanicSeconds_IsRoundedUp(int window, int percent, int expected)
        => Assert.Equal(expected, new ScalingOptions { StableWindow = TimeSpan.FromSeconds(window), PanicWindowPercentage = percent }.PanicSeconds);

    [Theory]
    [InlineData("TargetInFlight", "0", "be above 0 and at most 100000")]
    [InlineData("Tick", "00:00:00.5", "be from 00:00:01 to 00:01:00")]
    [InlineData("StableWindow", "00:00:05", "be from 00:00:06 to 01:00:00")]
    [InlineData("PanicWindowPercentage", "101", "be from 1 to 100")]
    [InlineData("PanicThresholdPercentage", "100", "be from 110 to 1000")]
    [InlineData("MaxScaleUpRate", "1", "be above 1 and at most 1000000")]
    [InlineData("MaxScaleDownRate", "0.5", "be above 1 and at most 1000000")]
    [InlineData("ScaleDownDelay", "-00:00:01", "be from 00:00:00 to 01:00:00")]
    [InlineData("ScaleToZeroGrace", "2.00:00:00", "be from 00:00:00 to 1.00:00:00")]
    [InlineData("Policy", "7", "be Knative or RayServe")]
    [InlineData("Ray:LookBack", "00:00:00.5", "be from 00:00:01 to 01:00:00")]
    [InlineData("Ray:UpDelay", "-00:00:01", "be from 00:00:00 to 1.00:00:00")]
    [InlineData("Ray:DownDelay", "2.00:00:00", "be from 00:00:00 to 1.00:00:00")]
    [InlineData("Ray:DownToZeroDelay", "2.00:00:00", "be from 00:00:00 to 1.00:00:00")]
    [InlineData("Ray:UpFactor", "0", "be above 0 and at most 100")]
    [InlineData("Ray:DownFactor", "101", "be above 0 and at most 100")]
    public void Validate_OutOfRange_NamesPathRuleAndValue(string option, string value, string rule)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Bind(new() { [$"Scaling:{option}"] = value }));

        Assert.StartsWith($"Scaling:{option} must {rule}, was: ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaxInstances", "0", "be from 1 to 100000")]
    [InlineData("MemoryBytes", "1000", "be from 1048576 to 9223372036854775807")]
    [InlineData("IdleAfter", "00:00:00", "be from 00:00:01 to 1.00:00:00")]
    [InlineData("Turn", "00:00:00", "be from 00:00:01 to 1.00:00:00")]
    public void Validate_MachineOutOfRange_NamesPathRuleAndValue(string option, string value, string rule)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Bind(new() { [$"Machine:{option}"] = value }));

        Assert.StartsWith($"Machine:{option} must {rule}, was: ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_OfOnePlugin_IsBound()
    {
        var section = Configure(new() { ["Scaling:Min"] = "0", ["Scaling:Max"] = "5", ["MaxRequestsPerInstance"] = "1", ["MemoryBytes"] = "5000000000" });
        var options = new PluginOptions();
        new ServiceCollection().AddPluginDeployment().AddPlugin("churn", "x", o =>
        {
            section.Bind(o);
            options = o;
        });

        Assert.Equal((new ScaleRange(0, 5), 1, 5_000_000_000, null), (options.Scaling, options.MaxRequestsPerInstance, options.MemoryBytes, options.Instances));
    }

    [Fact]
    public void AddPlugin_ANumberAndARange_AreRefusedTogether()
    {
        var error = Assert.Throws<PluginDeploymentException>(
            () => new ServiceCollection().AddPluginDeployment().AddPlugin("churn", "x", o => (o.Instances, o.Scaling, o.MaxRequestsPerInstance) = (2, new ScaleRange(0, 5), 0)));

        Assert.Equal("churn:Instances must not be set where a range is set (0..5), was: 2 churn:MaxRequestsPerInstance must be from 1 to 100000, was: 0", error.Message);
    }

    private static IConfiguration Configure(Dictionary<string, string?> values) => new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    private static PluginDeploymentOptions Bind(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddPluginDeployment(Configure(values));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<PluginDeploymentOptions>>().Value;
    }
}
