using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Stormly.Deploy.Routing;

public sealed class RoutingOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDesign()
    {
        var options = new RoutingOptions();
        Assert.Equal(
            (TimeSpan.FromSeconds(30), 16 * 1024 * 1024, 100, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), 2),
            (options.RequestTimeout, options.MaxResponseBytes, options.QueueLength, options.QueueTimeout, options.ColdStartTimeout, options.ConnectRetries));
        Assert.Empty(options.IdempotentPlugins);
    }

    [Fact]
    public void Configuration_IsBoundThroughTheOptionsOfDeployment()
    {
        using var services = Services(new() { ["Routing:QueueLength"] = "7", ["Routing:IdempotentPlugins:0"] = "churn" });
        var options = services.GetRequiredService<IOptions<RoutingOptions>>().Value;
        Assert.Equal(7, options.QueueLength);
        Assert.Equal(["churn"], options.IdempotentPlugins);
        Assert.IsType<PluginClient>(services.GetRequiredService<IPluginClient>());
    }

    [Theory]
    [InlineData("RequestTimeout", "00:00:00")]
    [InlineData("MaxResponseBytes", "0")]
    [InlineData("QueueLength", "-1")]
    [InlineData("QueueTimeout", "-00:00:01")]
    [InlineData("ColdStartTimeout", "2.00:00:00")]
    [InlineData("MaxRequestsPerInstance", "0")]
    [InlineData("ConnectTimeout", "00:00:00")]
    [InlineData("ConnectRetries", "11")]
    [InlineData("ConnectRetryWait", "-00:00:01")]
    [InlineData("IdempotentPlugins:0", "../evil")]
    public void Validate_OutOfRange_NamesThePathAndTheValue(string path, string value)
    {
        using var services = Services(new() { ["Routing:" + path] = value });
        var problem = Assert.Single(Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<RoutingOptions>>().Value).Failures);
        Assert.StartsWith($"Routing:{path} must be ", problem, StringComparison.Ordinal);
        Assert.Contains(value, problem, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPluginDeployment(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return services.BuildServiceProvider();
    }
}
