using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy;

/// <summary>Where a deployment's next revision comes from.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Folder">The folder that is read whole again; null where <paramref name="Asked"/> is asked again.</param>
/// <param name="Environment">What the host application adds to the environment.</param>
/// <param name="Asked">The source that code of the host application gave.</param>
internal sealed record SourceMemory(PluginName Plugin, string? Folder, ImmutableDictionary<string, string> Environment, PluginSource? Asked)
{
    public static SourceMemory Of(PluginSource source)
        => new(source.Name, source.WholeFolder, source.Environment, source.WholeFolder is null ? source with { Instances = null } : null);

    /// <summary>Reads the source again, for the number of instances that is wanted.</summary>
    /// <returns>The source.</returns>
    /// <exception cref="PluginSpecException">The folder is gone or does not hold what it should; carries all problems.</exception>
    public PluginSource Read() => Asked ?? PluginSource.FromFolder(Plugin.Value, Folder!) with { Environment = Environment };
}
