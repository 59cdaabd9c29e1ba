using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.DependencyInjection;

public class PluginDeploymentOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreLegal() => Assert.NotNull(Options(new Dictionary<string, string?>()).Value);

    [Fact]
    public void AddPluginDeployment_Configuration_IsBound()
    {
        var options = Options(new Dictionary<string, string?> { ["Start:Deadline"] = "00:00:20", ["Rollout:RevisionsKept"] = "7", ["Rollout:MinReadyTime"] = "00:00:15" }).Value;

        Assert.Equal(TimeSpan.FromSeconds(20), options.Start.Deadline);
        Assert.Equal(7, options.Rollout.RevisionsKept);
        Assert.Equal(TimeSpan.FromSeconds(15), options.Rollout.MinReadyTime);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Stop.Drain);
    }

    [Fact]
    public void Validate_SeveralMistakes_AreToldTogetherWithPathRuleAndValue()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Options(new Dictionary<string, string?>
        {
            ["StatusCheck:Misses"] = "0",
            ["BackOff:First"] = "00:10:00",
            ["Rollout:MaxSurge"] = "0",
            ["Rollout:MinReadyTime"] = "-00:00:01",
        }).Value);

        Assert.Equal(
            [
                "StatusCheck:Misses must be from 1 to 100, was: 0",
                "BackOff:First must be from 00:00:00.0010000 to 00:05:00, was: 00:10:00",
                "Rollout:MaxSurge must be at least 1 where Rollout:MaxUnavailable is 0, was: 0",
                "Rollout:MinReadyTime must be from 00:00:00 to 1.00:00:00, was: -00:00:01",
            ],
            error.Failures);
    }

    [Fact]
    public void AddPlugin_IllegalName_IsRefusedAtOnce()
        => Assert.Throws<PluginDeploymentException>(() => new ServiceCollection().AddPluginDeployment().AddPlugin("../evil", "x"));

    private static IOptions<PluginDeploymentOptions> Options(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddPluginDeployment(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddPluginDeployment();
        return services.BuildServiceProvider().GetRequiredService<IOptions<PluginDeploymentOptions>>();
    }
}
