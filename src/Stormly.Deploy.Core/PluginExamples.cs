using Stormly.Deploy.Examples;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>Runs examples for the host application.</summary>
internal sealed class PluginExamples(PluginDeployments deployments) : IPluginExamples
{
    /// <summary>How long a free instance is waited for, for each request.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<ExampleReport> VerifyAsync(string plugin, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        var fleet = await deployments.EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        var name = PluginName.Parse(plugin);
        if (fleet.Services.Examples is not { } examples || examples.Spec.Routes.Find(plugin) is not { Endpoint: { } endpoint, Availability: RouteAvailability.Serving })
        {
            throw new PluginDeploymentException($"The examples of plugin '{plugin}' cannot be run: it is not deployed, or no instance of it takes requests. See its snapshot for why.");
        }

        return await examples.RunAllAsync(name, endpoint, examples.Spec.Time.GetUtcNow(), Patience, cancellationToken).ConfigureAwait(false);
    }
}
