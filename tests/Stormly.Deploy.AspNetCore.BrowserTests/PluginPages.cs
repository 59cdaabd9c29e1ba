using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A host application on a real Kestrel, with the real control plane and servers on loopback that play the plugin.</summary>
internal sealed class PluginPages : IAsyncDisposable
{
    public const string GoodAnswer = """{"probability":0.8312,"label":"leaves","visits":12345678901234567890,"threshold":4.0}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("stormly-pages-").FullName;
    private WebApplication _app = null!;

    private PluginPages(string pathBase) => PathBase = pathBase;

    public LoopbackHost Backend { get; } = new() { OnRequest = static (_, c) => Answer(c, GoodAnswer) };

    /// <summary>What the library finds for a visitor.</summary>
    public ImmutableArray<DetectedFeature> Detected { get; set; } = [];

    /// <summary>Changes what is described.</summary>
    public Func<PluginDescription, PluginDescription> Describe { get; set; } = static d => d;

    public string PathBase { get; }

    public string Address { get; private set; } = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a host application and deploys a plugin in it.</summary>
    public static async Task<PluginPages> StartAsync(string? explain, string manifest, string pathBase = "", Action<PluginDeploymentOptions>? configure = null, Guard? guard = null)
    {
        var pages = new PluginPages(pathBase);
        await pages.StartAsync(configure, guard);
        await pages.DeployAsync(explain, manifest);
        return pages;
    }

    public static Task Answer(ScriptedServer.Conversation conversation, string body, string status = "200 OK")
        => conversation.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    public string Url(string rest = "") => $"{Address}{PathBase}/plugins/churn{rest}";

    public IPluginDeployments Deployments => _app.Services.GetRequiredService<IPluginDeployments>();

    /// <summary>The host application goes away; its address stays.</summary>
    public Task StopAsync() => _app.StopAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(Action<PluginDeploymentOptions>? configure, Guard? guard)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static o => o.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IInstanceHost>(Backend);
        builder.Services.AddPluginDeployment(o =>
        {
            o.StateFolder = Path.Combine(_folder, "state");
            // What the plugin gets is to come from visitors alone, and no example may hold an instance that a visitor is to have, or not to have.
            (o.Examples.BeforePromotion, o.Examples.InBackground) = (ExampleCheck.Off, false);
            configure?.Invoke(o);
        });
        var inner = builder.Services.Last(s => s.ServiceType == typeof(IPluginDescriptions)).ImplementationType!;
        builder.Services.AddSingleton<IPluginDescriptions>(s => new ChangedDescriptions((IPluginDescriptions)ActivatorUtilities.CreateInstance(s, inner), d => Describe(d)));
        builder.Services.AddSingleton<IFeatureDetection>(new FixedDetection(() => Detected));
        guard?.Add(builder.Services);
        _app = builder.Build();
        _app.UsePathBase(PathBase);
        _app.UseRouting();
        guard?.Use(_app);
        var plugins = _app.MapPlugins("/plugins");
        if (guard is not null)
        {
            Guard.Protect(plugins);
        }

        await _app.StartAsync(Token);
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    private async Task DeployAsync(string? explain, string manifest)
    {
        var files = Directory.CreateDirectory(Path.Combine(_folder, "plugin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "model.json"), "{}", Token);
        var member = explain is null ? "" : $",\"explain\":{explain}";
        var results = $$"""{"status":{"code":"success"},"http":{"port":5000,"statusPath":"/status_check","requestPath":"/predict","startServerCmd":"serve"{{member}} } }""";
        var source = new PluginSource
        {
            Name = PluginName.Parse("churn"),
            Folder = files,
            Results = [new StageFile("initial", "results.json", Encoding.UTF8.GetBytes(results))],
            Manifest = _ => new(Encoding.UTF8.GetBytes(manifest)),
            Instances = 2,
        };
        await Deployments.DeployAsync(source, Token);
    }

    private sealed class ChangedDescriptions(IPluginDescriptions inner, Func<PluginDescription, PluginDescription> change) : IPluginDescriptions
    {
        public PluginDescription? Get(string plugin) => inner.Get(plugin) is { } description ? change(description) : null;
    }

    private sealed class FixedDetection(Func<ImmutableArray<DetectedFeature>> detected) : IFeatureDetection
    {
        public ValueTask<ImmutableArray<DetectedFeature>> DetectAsync(string plugin, PluginCallContext context, CancellationToken cancellationToken = default) => new(detected());
    }
}
