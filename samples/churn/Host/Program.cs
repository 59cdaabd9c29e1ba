using ChurnHost;
using Microsoft.Extensions.Options;
using Stormly.Deploy;

// churn-host Plugin=FOLDER PluginDeployment:StateFolder=FOLDER [Docker=IMAGE] [Port=5080] [Check=true]
var builder = WebApplication.CreateBuilder(args);
if (Settings.FindProblem(builder.Configuration) is { } problem)
{
    Console.WriteLine($"✗ {problem}");
    return 2;
}

var folder = builder.Configuration[Settings.Plugin]!;
builder.Logging.SetMinimumLevel(builder.Configuration.GetValue<bool>("Check") ? LogLevel.Error : LogLevel.Warning);
builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
builder.WebHost.UseUrls($"http://127.0.0.1:{builder.Configuration[Settings.Port] ?? "5080"}");
var plugins = builder.Services.AddPluginDeployment(builder.Configuration.GetSection("PluginDeployment"));
(builder.Configuration["Docker"] is { } image ? plugins.UseDocker(docker => docker.Image = image) : plugins.UseProcesses())
    .AddPlugin("churn", folder, plugin => plugin.Instances = 3);

await using var app = builder.Build();
try
{
    app.MapPlugins("/plugins");
}
catch (Exception error) when (error is OptionsValidationException or InvalidOperationException)
{
    // A value that is out of its range, or none of its type: the message names the setting.
    Console.WriteLine($"✗ {error.Message}");
    return 2;
}

app.MapPost("/redeploy", async (IPluginDeployments deployments, CancellationToken cancellationToken) =>
    (await deployments.RedeployAsync("churn", cancellationToken)).Reason);

using var stop = new TwoStepStop();
return await new Session(app, folder, stop).RunAsync() ? 0 : 1;
