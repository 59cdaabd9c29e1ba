using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Containers;

/// <summary>What is written on a container: whose it is, and everything that a later run needs to take it over.</summary>
/// <param name="Owner">The state folder that it belongs to.</param>
/// <param name="Run">The backend that started it.</param>
/// <param name="Plugin">The plugin.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Instance">The instance.</param>
/// <param name="Port">The port inside the container.</param>
/// <param name="Folder">The instance's folder on the host.</param>
internal sealed record ContainerLabels(string Owner, string Run, PluginName Plugin, string Revision, InstanceId Instance, int Port, string Folder)
{
    public const string OwnerKey = "stormly.deploy.owner";
    public const string RunKey = "stormly.deploy.run";
    public const string InstanceKey = "stormly.deploy.instance";
    private const string PluginKey = "stormly.deploy.plugin";
    private const string RevisionKey = "stormly.deploy.revision";
    private const string PortKey = "stormly.deploy.port";
    private const string FolderKey = "stormly.deploy.folder";

    public static ContainerLabels Of(InstanceSpec spec, string owner, string run)
        => new(owner, run, spec.Plugin, spec.Revision.Digest, spec.Id, spec.DeclaredPort, spec.Folder);

    /// <summary>Reads labels back.</summary>
    /// <param name="labels">The labels of a container.</param>
    /// <returns>What they say, or null where they are not whole.</returns>
    public static ContainerLabels? Read(IDictionary<string, string>? labels)
        => labels is not null
            && labels.TryGetValue(OwnerKey, out var owner) && labels.TryGetValue(RunKey, out var run) && labels.TryGetValue(InstanceKey, out var instance)
            && labels.TryGetValue(PluginKey, out var name) && PluginName.TryParse(name, out var plugin, out _)
            && labels.TryGetValue(RevisionKey, out var revision) && labels.TryGetValue(FolderKey, out var folder)
            && labels.TryGetValue(PortKey, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new ContainerLabels(owner, run, plugin, revision, new InstanceId(instance), port, folder) : null;

    public Dictionary<string, string> ToDictionary() => new(StringComparer.Ordinal)
    {
        [OwnerKey] = Owner,
        [RunKey] = Run,
        [PluginKey] = Plugin.Value,
        [RevisionKey] = Revision,
        [InstanceKey] = Instance.Value,
        [PortKey] = Port.ToString(CultureInfo.InvariantCulture),
        [FolderKey] = Folder,
    };
}
