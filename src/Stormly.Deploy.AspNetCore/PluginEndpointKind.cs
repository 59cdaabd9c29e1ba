namespace Stormly.Deploy.AspNetCore;

/// <summary>What an endpoint of <c>MapPlugins</c> is for.</summary>
public enum PluginEndpointKind
{
    /// <summary>It takes requests for plugins, or refuses them.</summary>
    Request,

    /// <summary>It explains plugins: pages and documents.</summary>
    Explain,
}
