using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>A host application in memory on a played clock, with a state folder of its own.</summary>
internal sealed class PlayedApplication : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public PlayedApplication(DirectoryInfo home, InMemoryMachine machine, Action<PluginDeploymentOptions>? configure = null)
    {
        (Home, Machine) = (home, machine);
        Memory = new InMemoryInstanceHost(Clock, machine);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPluginDeployment(o =>
        {
            o.StateFolder = Path.Combine(home.FullName, "state");
            configure?.Invoke(o);
        }).UseProcesses();
        services.AddPluginDeployment().UseInMemory(Memory);
        _services = services.BuildServiceProvider();
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public DirectoryInfo Home { get; }

    public InMemoryMachine Machine { get; }

    public FakeTimeProvider Clock { get; } = new();

    public InMemoryInstanceHost Memory { get; }

    public IPluginDeployments Deployments => _services.GetRequiredService<IPluginDeployments>();

    public IServiceProvider Services => _services;

    public Task<Model.DeploymentSnapshot> DeployAsync(int instances = 1)
    {
        return Clock.PlayAsync(Deployments.DeployAsync(PluginSource.FromFolder("churn", WritePlugin(Home)) with { Instances = instances }, Token), Token);
    }

    /// <summary>Writes the files of a plugin that can be deployed.</summary>
    public static string WritePlugin(DirectoryInfo home)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home.FullName, "model")).FullName;
        File.WriteAllText(Path.Combine(folder, "manifest.json"), """{"stage": "train", "downloadUrls": {}, "metadata": {"features": {}}}""");
        File.WriteAllText(Path.Combine(folder, "results.json"), """{"http": {"port": 5000, "statusPath": "/status", "requestPath": "/predict", "startServerCmd": "flask run", "options": {} } }""");
        return folder;
    }

    public async Task<PluginOutcome> AskAsync()
    {
        var call = _services.GetRequiredService<IPluginClient>().SendAsync("churn", """{"props": {}}"""u8.ToArray(), null, Token).AsTask();
        using var response = await Clock.PlayAsync(call, Token);
        return response.Outcome;
    }

    public async ValueTask DisposeAsync() => await Clock.PlayAsync(_services.DisposeAsync().AsTask(), CancellationToken.None);
}
