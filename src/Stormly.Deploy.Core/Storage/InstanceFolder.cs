namespace Stormly.Deploy.Storage;

/// <summary>The files of one instance.</summary>
/// <param name="Path">Its folder.</param>
internal sealed record InstanceFolder(string Path)
{
    public string Work => System.IO.Path.Combine(Path, "work");

    public string Logs => System.IO.Path.Combine(Path, "log");

    public string Log => System.IO.Path.Combine(Logs, "plugin.log");

    public string Manifest => System.IO.Path.Combine(Path, "manifest.json");
}
