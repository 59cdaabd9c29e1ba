using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>A real host application in this process: Kestrel on a free port, plugins as real processes, its state in a folder of the test.</summary>
public sealed class HostApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(3) };

    private HostApplication(WebApplication app, string stateFolder) => (_app, StateFolder) = (app, stateFolder);

    public string StateFolder { get; }

    public IPluginDeployments Deployments => _app.Services.GetRequiredService<IPluginDeployments>();

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:40001</c>.</summary>
    public string Address => _app.Urls.First();

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it.</summary>
    /// <param name="stateFolder">Its state folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="configure">Options beyond the defaults.</param>
    /// <param name="add">Plugins named at its start.</param>
    /// <param name="use">The backend; null takes local processes.</param>
    public static async Task<HostApplication> StartAsync(
        string stateFolder, CancellationToken cancellationToken, Action<PluginDeploymentOptions>? configure = null, Action<IPluginDeploymentBuilder>? add = null,
        Action<IPluginDeploymentBuilder>? use = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var plugins = builder.Services.AddPluginDeployment(options =>
        {
            options.StateFolder = stateFolder;
            configure?.Invoke(options);
        });
        (use ?? (p => p.UseProcesses()))(plugins);
        add?.Invoke(plugins);
        var app = builder.Build();
        app.MapPlugins("/plugins");
        await app.StartAsync(cancellationToken);
        return new HostApplication(app, stateFolder);
    }

    /// <summary>Deploys a folder and waits until it serves.</summary>
    public async Task<DeploymentSnapshot> DeployAsync(string plugin, string folder, int instances, CancellationToken cancellationToken)
    {
        var source = PluginSource.FromFolder(plugin, folder);
        source = source with { Instances = instances, Environment = source.Environment.SetItem("PATH", Programs.SearchPath) };
        return await Deployments.DeployAsync(source, cancellationToken);
    }

    /// <summary>Sends one request.</summary>
    public async Task<Answer> PostAsync(string plugin, string body, CancellationToken cancellationToken, string? canaryKey = null)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/plugins/{plugin}") { Content = content };
            if (canaryKey is not null)
            {
                request.Headers.Add("Stormly-Canary-Key", canaryKey);
            }

            using var answer = await _http.SendAsync(request, cancellationToken);
            return new Answer(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken)) { RetryAfter = answer.Headers.RetryAfter?.Delta };
        }
        catch (HttpRequestException error)
        {
            return new Answer(null, error.Message);
        }
    }

    /// <summary>Sends one request that must succeed.</summary>
    /// <returns>The plugin's answer.</returns>
    public async Task<string> PredictAsync(string plugin, string body, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(plugin, body, cancellationToken);
        return answer.Code == HttpStatusCode.OK ? answer.Body : throw new InvalidOperationException($"Expected 200, got {(int?)answer.Code} {answer.Body}");
    }

    /// <summary>Waits for a state of a deployment, five minutes at most.</summary>
    public async Task<DeploymentSnapshot> UntilAsync(string plugin, Func<DeploymentSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(5));
        try
        {
            await foreach (var snapshot in Deployments.WatchAsync(plugin, bound.Token))
            {
                if (condition(snapshot))
                {
                    return snapshot;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited five minutes in vain; the deployment of '{plugin}' stands so: {Deployments.Get(plugin)}");
        }

        throw new InvalidOperationException($"The deployment of '{plugin}' was removed.");
    }

    /// <summary>Ends it as planned. It may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _http.Dispose();
        await PluginProcesses.UntilNoneIsLeftAsync(StateFolder, CancellationToken.None);
    }
}
