namespace Stormly.Deploy.AspNetCore;

/// <summary>
/// Stands in the metadata of every endpoint of <c>MapPlugins</c>, so that middleware and the group's <c>Finally</c> conventions can treat the kinds apart: limit
/// the rate of requests but not of pages, for example.
/// </summary>
/// <param name="Kind">What the endpoint is for.</param>
public sealed record PluginEndpointMetadata(PluginEndpointKind Kind);
