using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>Reads descriptions from the route table: what is described is what requests are checked by.</summary>
internal sealed class PluginDescriptions(RouteTable table, PluginDeployments deployments) : IPluginDescriptions
{
    public PluginDescription? Get(string plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        if (table.Find(plugin) is not { Endpoint: { } endpoint } route)
        {
            return null;
        }

        var book = deployments.Started?.Services.Examples?.Spec.Book;
        return new PluginDescription
        {
            Plugin = route.Plugin,
            Revision = endpoint.Revision,
            Explanation = endpoint.Contract.Explanation,
            Features = endpoint.Contract.Features,
            Verifications = book?.Find(route.Plugin, endpoint.Revision, endpoint.Contract.Explanation) ?? [],
            LastAnswer = book?.LastAnswer(route.Plugin, endpoint.Revision) ?? endpoint.Answers.Newest,
        };
    }
}
