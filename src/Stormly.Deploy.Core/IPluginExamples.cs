using Stormly.Deploy.Examples;
using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>Runs the examples that plugins give in their explanations. All members may be called at the same time from any thread.</summary>
public interface IPluginExamples
{
    /// <summary>
    /// Runs all examples against the revision that serves, now, one after the other. An instance that is free is waited for; while requests wait for the plugin nothing is
    /// sent. What comes of it is kept, and is part of the plugin's description.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Gives up; what was run until then is kept.</param>
    /// <returns>What came of each example.</returns>
    /// <exception cref="PluginDeploymentException">The plugin is not deployed, or no instance of it takes requests.</exception>
    Task<ExampleReport> VerifyAsync(string plugin, CancellationToken cancellationToken = default);
}
