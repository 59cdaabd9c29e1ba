using Stormly.Deploy.Model;

namespace Stormly.Deploy.DependencyInjection;

/// <summary>A plugin that the host application names at its start.</summary>
internal sealed record PluginRegistration(PluginName Name, string Folder, PluginOptions Options);
