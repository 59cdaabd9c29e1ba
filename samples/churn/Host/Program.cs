using ChurnHost;
using Stormly.Deploy;

// churn-host Plugin=FOLDER [Docker=IMAGE] [Port=5080] [PluginDeployment:StateFolder=FOLDER] [Check=true]
var builder = WebApplication.CreateBuilder(args);
var folder = builder.Configuration["Plugin"] ?? throw new InvalidOperationException("Say which folder train.sh has filled: Plugin=FOLDER");
builder.Logging.SetMinimumLevel(builder.Configuration.GetValue<bool>("Check") ? LogLevel.Error : LogLevel.Warning);
builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
builder.WebHost.UseUrls($"http://127.0.0.1:{builder.Configuration["Port"] ?? "5080"}");
var plugins = builder.Services.AddPluginDeployment(builder.Configuration.GetSection("PluginDeployment"));
(builder.Configuration["Docker"] is { } image ? plugins.UseDocker(docker => docker.Image = image) : plugins.UseProcesses())
    .AddPlugin("churn", folder, plugin => plugin.Instances = 3);

await using var app = builder.Build();
app.MapPlugins("/plugins");
app.MapPost("/redeploy", async (IPluginDeployments deployments, CancellationToken cancellationToken) =>
    (await deployments.RedeployAsync("churn", cancellationToken)).Reason);

using var stop = new TwoStepStop();
return await new Session(app, folder, stop).RunAsync() ? 0 : 1;
