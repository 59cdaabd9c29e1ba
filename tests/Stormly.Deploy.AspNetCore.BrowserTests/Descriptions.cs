using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore;

/// <summary>What is found for visitors, and what came of running examples.</summary>
internal static class Descriptions
{
    public static ImmutableArray<DetectedFeature> Detected { get; } =
    [
        new("feature_c2d3e4f50", RawJson.FromText("\"Chrome\""), InputSource.Detector, "browser of the user agent"),
        new("feature_b1c2d3e4f", RawJson.FromText("\"NL\""), InputSource.Detector, "country of the address"),
    ];

    /// <summary>Every example was run a while ago; the third of each input that is no feature failed.</summary>
    public static PluginDescription VerifyAll(PluginDescription description) => description with
    {
        Verifications =
        [
            .. description.Explanation.Tabs.SelectMany((tab, t) => tab.Inputs.SelectMany(input => input.Examples.Select((_, e) => new ExampleVerification
            {
                Tab = t,
                Input = input.Name,
                Example = e,
                At = DateTimeOffset.UtcNow.AddMinutes(-7),
                Took = TimeSpan.FromMilliseconds(12 + e),
                Passed = e != 2 || input.Feature is not null,
                Detail = e != 2 || input.Feature is not null ? null : "the plugin answered 500 <b>",
            }))),
        ],
    };
}
