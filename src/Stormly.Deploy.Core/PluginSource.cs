using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <summary>What a deployment is made of: the results of a plugin's stages, the manifest of its last stage, and its folder.</summary>
public sealed record PluginSource
{
    /// <summary>The plugin's name.</summary>
    public required PluginName Name { get; init; }

    /// <summary>The folder with the plugin's files; every revision keeps its own copy of it.</summary>
    public required string Folder { get; init; }

    /// <summary>The results of all stages, in the order in which the stages ran.</summary>
    public required ImmutableArray<StageFile> Results { get; init; }

    /// <summary>
    /// Reads the manifest of the last stage, as UTF-8. Asked at the deploy and again at every start of an instance, because download addresses
    /// expire. Only <c>downloadUrls</c> may change from one answer to the next; after a host restart the stored manifest serves until the next deploy.
    /// </summary>
    public required Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Manifest { get; init; }

    /// <summary>Where the manifest comes from, for error messages, e.g. a file name.</summary>
    public string ManifestOrigin { get; init; } = "manifest";

    /// <summary>How many instances are wanted, 1 to 1000; null keeps what an existing deployment has, else 1. Not together with <see cref="Scale"/>.</summary>
    public int? Instances { get; init; }

    /// <summary>
    /// Between what the number of instances follows the load, instead of <see cref="Instances"/>; null keeps what an existing deployment has. The first instance
    /// of a new revision always starts, so that it proves itself, also where the range begins at 0.
    /// </summary>
    public ScaleRange? Scale { get; init; }

    /// <summary>
    /// How many requests one instance gets at once, 1 to 100,000: a limit, beyond which requests wait. 1 for a server that answers one after the other, as a
    /// Gunicorn sync worker does. Null keeps what an existing deployment has, else the number of all plugins in the options of routing.
    /// </summary>
    public int? MaxRequestsPerInstance { get; init; }

    /// <summary>How much memory one instance uses, in bytes, as declared: what the machine's limit is shared out by. Null keeps what an existing deployment has; from 1 on.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Variables that every instance gets besides the allow-list. Kept in the state folder together with the revision.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Whether a deployment of what <see cref="FromFolder"/> has read follows the folder from then on, as <see cref="PluginDeploymentOptions.Follow"/> says, also after a
    /// restart of the host application. Default true. A source that code put together is never followed.
    /// </summary>
    public bool Follow { get; init; } = true;

    /// <summary>The folder, where reading it again gives this source again; null where code gave some part of it.</summary>
    internal string? WholeFolder => Origin is { } origin && origin.Folder == Folder && origin.Results == Results && origin.Manifest == Manifest ? Folder : null;

    /// <summary>How <see cref="WholeFolder"/> looked just before it was read.</summary>
    internal string? Mark => Origin?.Mark;

    private FolderOrigin? Origin { get; init; }

    /// <summary>
    /// Reads a folder as a training run leaves it: <c>manifest.json</c> or <c>manifest-&lt;stage&gt;.json</c>, <c>results.json</c> or
    /// <c>results-&lt;stage&gt;.json</c>, and the plugin's files. The manifest is read again at every start of an instance.
    /// </summary>
    /// <param name="name">The plugin's name; see <see cref="PluginName"/>.</param>
    /// <param name="folder">The folder; a relative path counts from the current directory.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PluginDeploymentException">The name is not a legal one.</exception>
    /// <exception cref="PluginSpecException">The folder does not hold what it should; carries all problems.</exception>
    public static PluginSource FromFolder(string name, string folder)
    {
        var plugin = PluginName.Parse(name);
        var path = Path.GetFullPath(folder);
        var mark = FolderGlance.Take(path).Mark;
        var read = PluginFolder.Read(path);
        if (read.HasErrors || read.ManifestFile is not { } manifest)
        {
            throw new PluginSpecException(name, read.Problems);
        }

        var source = new PluginSource
        {
            Name = plugin,
            Folder = path,
            Results = [.. read.ResultFiles.Select(file => new StageFile(StageFiles.StageOf(file), Path.GetFileName(file), File.ReadAllBytes(file)))],
            Manifest = async cancellationToken => await File.ReadAllBytesAsync(manifest, cancellationToken).ConfigureAwait(false),
            ManifestOrigin = Path.GetFileName(manifest),
        };
        return source with { Origin = new FolderOrigin(source.Folder, source.Results, source.Manifest, mark) };
    }

    /// <summary>What <see cref="FromFolder"/> answered, so that a copy with other parts is told from it.</summary>
    private sealed record FolderOrigin(string Folder, ImmutableArray<StageFile> Results, Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Manifest, string Mark);
}
