namespace Stormly.Deploy.Model;

/// <summary>Where everything comes from that is left to chance: names of instances, and which of several instances gets a request. A simulation draws it from its seed.</summary>
/// <param name="Random">Used by many threads at once.</param>
internal sealed record Chance(Random Random)
{
    public static readonly Chance Shared = new(Random.Shared);

    public InstanceId NewInstance(PluginName plugin) => InstanceId.New(plugin, Random);
}
