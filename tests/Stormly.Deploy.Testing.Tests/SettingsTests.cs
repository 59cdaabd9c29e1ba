using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Stormly.Deploy.Testing.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-settings-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task Start_SlipInANameOfASetting_IsWarnedOfOnce()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
            [new("PluginDeployment:StateFolder", Path.Combine(_home.FullName, "state")), new("PluginDeployment:StatusCheck:Intervall", "00:00:05")]).Build().GetSection("PluginDeployment");
        var log = new FakeLoggerProvider();
        var services = new ServiceCollection();
        services.AddLogging(b => b.AddProvider(log).SetMinimumLevel(LogLevel.Warning));
        services.AddPluginDeployment(settings).UseInMemory();
        services.AddPluginDeployment(settings);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IPluginDeployments>().RemoveAsync("nobody", PlayedApplication.Token);

        Assert.Equal("'PluginDeployment:StatusCheck:Intervall' is no setting and has no effect. Did you mean \"Interval\"?", Assert.Single(log.Collector.GetSnapshot()).Message);
    }
}
