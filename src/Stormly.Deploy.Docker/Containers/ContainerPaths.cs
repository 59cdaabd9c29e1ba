namespace Stormly.Deploy.Docker.Containers;

/// <summary>Where things are inside a container.</summary>
internal static class ContainerPaths
{
    public const string Work = "/stormly/work";
    public const string Manifest = "/stormly/manifest.json";
    public const string Logs = "/stormly/log";
    public const string Temporary = "/tmp";
}
