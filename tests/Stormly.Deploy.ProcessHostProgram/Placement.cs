using Microsoft.Extensions.Options;
using Stormly.Deploy.Docker;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.ProcessHostProgram;

/// <summary>Asks a Docker engine whether instances could run, as the user whose process this is, and says what stands against it.</summary>
internal static class Placement
{
    /// <summary>Asks.</summary>
    /// <param name="endpoint">Where the engine listens.</param>
    /// <param name="image">The image.</param>
    /// <returns>0 where nothing stands against it.</returns>
    public static async Task<int> AskAsync(string endpoint, string image)
    {
        await using var host = new DockerInstanceHost(Options.Create(new DockerHostOptions { Endpoint = endpoint, Image = image }));
        try
        {
            await host.CheckPlacementAsync(new PlacementPlan(PluginName.Parse("dummy"), "serve", 5000, 1), CancellationToken.None);
            await Console.Out.WriteLineAsync("they could");
            return 0;
        }
        catch (BackendUnavailableException error)
        {
            await Console.Out.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
