using Stormly.Deploy.Model;

namespace Stormly.Deploy.Process;

/// <summary>What an instance must know of itself, however it came into these hands.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Plugin">The plugin.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="DeclaredPort">The port that the plugin's results name.</param>
internal sealed record ProcessInstanceFacts(InstanceId Id, PluginName Plugin, string Folder, int DeclaredPort);
