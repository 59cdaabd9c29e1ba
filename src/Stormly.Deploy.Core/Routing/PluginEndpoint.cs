using Stormly.Deploy.Features;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy.Routing;

/// <summary>How to talk to the instances of one revision: shared by all its targets.</summary>
/// <param name="RequestPath">The only path that is ever called for a request.</param>
/// <param name="Contract">What a request of this revision must hold.</param>
/// <param name="Revision">The revision.</param>
internal sealed record PluginEndpoint(string RequestPath, RequestContract Contract, RevisionId Revision)
{
    /// <summary>What learns from good requests; null where nothing does.</summary>
    public PluginTallies? Tallies { get; init; }

    /// <summary>The newest good answer, to show to callers.</summary>
    public AnswerMemory Answers { get; init; } = new(LastAnswerSource.StatusChecks);

    /// <summary>Who but the caller supplies which feature; null where nobody does.</summary>
    public FeaturePlan? Features { get; init; }
}
