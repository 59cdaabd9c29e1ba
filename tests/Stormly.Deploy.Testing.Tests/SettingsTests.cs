using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Stormly.Deploy.AspNetCore;

namespace Stormly.Deploy.Testing.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-settings-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task Start_SlipInANameOfASetting_IsWarnedOfOnce()
    {
        var settings = Read("StatusCheck:Intervall");

        var warnings = await StartAsync(services =>
        {
            services.AddPluginDeployment(settings).UseInMemory();
            services.AddPluginDeployment(settings);
        });

        Assert.Equal(["'PluginDeployment:StatusCheck:Intervall' is no setting and has no effect. Did you mean \"Interval\"?"], warnings);
    }

    [Fact]
    public async Task Start_SlipsInNamesOfOthersSettings_AreWarnedOf()
    {
        var settings = Read("Process:Shel", "Process:Ports:Frist", "Dokcer:Image", "Docker:Netwrok", "Docker:Plugins:churn:Imgae", "Docker:Registries:0:User", "Docker:Labels:a", "Mine:Own");

        var warnings = await StartAsync(services => services.AddPluginDeployment(settings).UseInMemory()
            .UseProcesses(settings.GetSection("Process")).UseDocker(settings.GetSection("Docker")));

        Assert.Equal(
            [
                "Docker:Labels", "Docker:Netwrok", "Docker:Plugins:churn:Imgae", "Docker:Registries:0:User", "Dokcer", "Process:Ports:Frist", "Process:Shel",
            ],
            warnings.Select(w => w.Split('\'')[1]["PluginDeployment:".Length..]).Order(StringComparer.Ordinal));
        Assert.Contains("'PluginDeployment:Docker:Netwrok' is no setting and has no effect. Did you mean \"Network\"?", warnings);
        Assert.Contains("'PluginDeployment:Dokcer' is no setting and has no effect. Did you mean \"Docker\"?", warnings);
    }

    [Fact]
    public async Task Start_OptionsOfSeveralKindsInOneSection_WarnsOfWhatNoneOfThemHas()
    {
        var settings = Read("Image", "Imgae", "Shell", "StatusCheck:Interval", "StatusCheck:Intervall");

        var warnings = await StartAsync(services => services.AddPluginDeployment(settings).UseInMemory().UseProcesses(settings).UseDocker(settings));

        Assert.Equal(["PluginDeployment:Imgae", "PluginDeployment:StatusCheck:Intervall"], warnings.Select(w => w.Split('\'')[1]));
    }

    [Fact]
    public async Task ConfigureEndpoints_SettingsAndASlip_SetsAndWarns()
    {
        var settings = Read("Endpoints:BodyTimeout", "Endpoints:EndUser:TrustedCaller:0", "Endpoints:Explane");
        var services = new ServiceCollection();

        var warnings = await StartAsync(s => s.AddPluginDeployment(settings).UseInMemory().ConfigureEndpoints(settings.GetSection("Endpoints")), services);

        await using var provider = services.BuildServiceProvider();
        Assert.Equal(TimeSpan.FromSeconds(5), provider.GetRequiredService<IOptions<PluginEndpointOptions>>().Value.BodyTimeout);
        Assert.Equal(["PluginDeployment:Endpoints:EndUser:TrustedCaller", "PluginDeployment:Endpoints:Explane"], warnings.Select(w => w.Split('\'')[1]));
    }

    private static async Task<string[]> StartAsync(Action<IServiceCollection> add, ServiceCollection? into = null)
    {
        var log = new FakeLoggerProvider();
        var services = into ?? [];
        services.AddLogging(b => b.AddProvider(log).SetMinimumLevel(LogLevel.Warning));
        add(services);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IPluginDeployments>().RemoveAsync("nobody", PlayedApplication.Token);

        return [.. log.Collector.GetSnapshot().Select(r => r.Message)];
    }

    private IConfigurationSection Read(params string[] names) => new ConfigurationBuilder()
        .AddInMemoryCollection([new("PluginDeployment:StateFolder", Path.Combine(_home.FullName, "state")), .. names.Select(n => KeyValuePair.Create($"PluginDeployment:{n}", (string?)"00:00:05"))])
        .Build().GetSection("PluginDeployment");
}
