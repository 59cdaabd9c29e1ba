using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Descriptions as the test says.</summary>
internal sealed class FakeDescriptions : IPluginDescriptions
{
    public ImmutableDictionary<string, PluginDescription> All { get; set; } = ImmutableDictionary<string, PluginDescription>.Empty.Add("churn", Describe("churn"));

    public static PluginDescription Describe(string plugin, params ExplainedTab[] tabs) => new()
    {
        Plugin = PluginName.Parse(plugin),
        Revision = new RevisionId(new string('a', 64)),
        Explanation = new PluginExplanation { Tabs = tabs.Length == 0 ? [new ExplainedTab()] : [.. tabs] },
        Features = [.. tabs.SelectMany(t => t.Inputs).Select(i => i.Feature).OfType<Manifests.FeatureDescriptor>().DistinctBy(f => f.Key)],
    };

    public PluginDescription? Get(string plugin) => All.GetValueOrDefault(plugin);
}
