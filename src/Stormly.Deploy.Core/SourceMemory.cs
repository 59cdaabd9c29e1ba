using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <summary>Where a deployment's next revision comes from.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Folder">The folder that is read whole again; null where <paramref name="Asked"/> is asked again.</param>
/// <param name="Environment">What the host application adds to the environment.</param>
/// <param name="Asked">The source that code of the host application gave.</param>
/// <param name="Size">How many instances were asked for last: it counts where nothing of the deployment is wanted any more, or not yet.</param>
/// <param name="Follow">Whether changes in the folder are deployed by themselves, as far as options allow it.</param>
internal sealed record SourceMemory(PluginName Plugin, string? Folder, ImmutableDictionary<string, string> Environment, PluginSource? Asked, FleetSize Size, bool Follow = true)
{
    public static SourceMemory Of(PluginSource source, FleetSize size)
        => new(source.Name, source.WholeFolder, source.Environment, source.WholeFolder is null ? source with { Instances = null, Scale = null } : null, size, source.Follow);

    /// <summary>What of it is stored.</summary>
    public StoredSource? Stored => Folder is null ? null : new StoredSource { Folder = Folder, Follow = Follow };

    /// <summary>Reads the source again, for the number of instances that is wanted.</summary>
    /// <returns>The source.</returns>
    /// <exception cref="PluginSpecException">The folder is gone or does not hold what it should; carries all problems.</exception>
    public PluginSource Read() => Asked ?? PluginSource.FromFolder(Plugin.Value, Folder!) with { Environment = Environment, Follow = Follow };
}
