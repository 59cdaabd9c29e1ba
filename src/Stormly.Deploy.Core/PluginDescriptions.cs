using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>Reads descriptions from the route table: what is described is what requests are checked by.</summary>
internal sealed class PluginDescriptions(RouteTable table) : IPluginDescriptions
{
    public PluginDescription? Get(string plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        return table.Find(plugin) is { Endpoint: { } endpoint } route
            ? new PluginDescription { Plugin = route.Plugin, Revision = endpoint.Revision, Explanation = endpoint.Contract.Explanation, Features = endpoint.Contract.Features }
            : null;
    }
}
