using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A host application on a real Kestrel at a free loopback port, with plugins that the test plays.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebHost(WebApplication app, FakePluginClient plugins)
    {
        _app = app;
        Plugins = plugins;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
    }

    public FakePluginClient Plugins { get; }

    public int Port { get; }

    public HttpClient Http { get; }

    public static async Task<WebHost> StartAsync(Action<WebApplication>? map = null, Action<IServiceCollection>? services = null, Action<KestrelServerOptions>? kestrel = null)
    {
        var plugins = new FakePluginClient();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Listen(IPAddress.Loopback, 0);
            kestrel?.Invoke(o);
        });
        builder.Services.AddSingleton<IPluginClient>(plugins);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        (map ?? (static a => a.MapPlugins("/plugins")))(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebHost(app, plugins);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
