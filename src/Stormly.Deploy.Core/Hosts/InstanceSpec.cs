using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>What a backend needs to start one instance. Every path is absolute and exists when the backend is called.</summary>
public sealed record InstanceSpec
{
    /// <summary>The instance's name.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The plugin's name.</summary>
    public required PluginName Plugin { get; init; }

    /// <summary>The revision that it runs.</summary>
    public required RevisionId Revision { get; init; }

    /// <summary>The shell command line, exactly as the plugin's results give it. Data: never pasted into another command line.</summary>
    public required string StartCommand { get; init; }

    /// <summary>The port that the command names, 1 to 65535.</summary>
    public required int DeclaredPort { get; init; }

    /// <summary>
    /// The path that status checks go to, as the plugin's results give it. The library asks by itself; a backend whose platform probes too may name it there.
    /// Empty where nobody said.
    /// </summary>
    public string StatusPath { get; init; } = "";

    /// <summary>The path that requests go to, as the plugin's results give it. Empty where nobody said.</summary>
    public string RequestPath { get; init; } = "";

    /// <summary>The instance's own folder; a backend keeps its record of the instance here, in a file named after its <see cref="IInstanceHost.Kind"/>.</summary>
    public required string Folder { get; init; }

    /// <summary>The instance's private copy of the plugin's files: the command's working directory.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The server manifest: <c>MANIFEST_FILE</c>.</summary>
    public required string ManifestFile { get; init; }

    /// <summary>
    /// The log that the plugin may write: <c>LOG_FILE</c>. Its folder exists and holds nothing but this log, its rotations and what the backend puts
    /// there; the library keeps all of it together within the log's cap.
    /// </summary>
    public required string LogFile { get; init; }

    /// <summary>Variables that the host application adds for this plugin. They win over the allow-list and lose against the contract's own three.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How long the instance may take to end by itself when the host application dies without telling it. Default 10 s.</summary>
    public TimeSpan OrphanGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the instance is to live on when the host application ends without stopping it, so that the next run can adopt it. True only where
    /// <see cref="InstanceHostCapabilities.Adoption"/> is. Default false: it ends with the host application, however that ends.
    /// </summary>
    public bool OutlivesHost { get; init; }
}
