using Stormly.Deploy.Model;

namespace ChurnHost;

/// <summary>Start, what is to be shown, stop: the life of this program around its host application.</summary>
internal sealed class Session(WebApplication app, string folder, TwoStepStop stop)
{
    /// <summary>Serves until it is stopped, or, with <c>Check=true</c>, until everything was shown once.</summary>
    /// <returns>Whether all went well, and nothing was left running.</returns>
    public async Task<bool> RunAsync()
    {
        if (!await StartAsync())
        {
            return false;
        }

        var good = await ShowAsync();
        await app.StopAsync(stop.AtOnce);
        return ReportLeftovers() && good;
    }

    private async Task<bool> StartAsync()
    {
        try
        {
            await app.StartAsync(stop.Polite);
            return true;
        }
        catch (OperationCanceledException) when (stop.Polite.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or PluginDeploymentException)
        {
            // The port is taken, or the state folder or the backend cannot be used.
            Console.WriteLine($"✗ The host application cannot start: {error.Message}");
            return false;
        }
    }

    private async Task<bool> ShowAsync()
    {
        try
        {
            if (app.Configuration.GetValue<bool>("Check"))
            {
                using var check = new Check(app, folder, StateFolder);
                return await check.RunAsync(stop.Polite);
            }

            await Welcome.PrintAsync(app, folder, stop.Polite);
            await stop.Polite.WhenCancelledAsync();
            return true;
        }
        catch (OperationCanceledException) when (stop.Polite.IsCancellationRequested)
        {
            return true;
        }
        catch (PluginDeploymentException error)
        {
            Console.WriteLine($"✗ {error.Message}");
            return false;
        }
    }

    private string StateFolder => app.Configuration[Settings.StateFolder]!;

    private bool ReportLeftovers()
    {
        if (app.Configuration["Docker"] is not null)
        {
            var containers = PluginContainers.Of(StateFolder);
            Console.WriteLine(containers.Count == 0 ? "✓ stopped: no container is left" : $"✗ stopped, but these containers are left: {string.Join(' ', containers)}");
            return containers.Count == 0;
        }

        var left = PluginProcesses.Below(StateFolder);
        Console.WriteLine(left.Count == 0 ? "✓ stopped: no process is left" : $"✗ stopped, but these processes are left: {string.Join(' ', left)}");
        return left.Count == 0;
    }
}
