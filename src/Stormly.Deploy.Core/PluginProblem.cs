using System.Collections.Immutable;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy;

/// <summary>Why a request was not answered, in the terms of a problem document (RFC 9457). Nothing in it comes from the plugin's answer but its status code.</summary>
/// <param name="Type">A stable name, e.g. <c>urn:stormly-deploy:problem:overloaded</c>.</param>
/// <param name="Title">What kind of problem it is, the same text for every occurrence.</param>
/// <param name="Detail">What was seen this time.</param>
public sealed record PluginProblem(string Type, string Title, string Detail)
{
    /// <summary>
    /// What exactly the plugin did wrong, as a stable word: <c>status</c>, <c>not-json</c>, <c>too-large</c>, <c>not-http</c>, <c>not-connected</c>,
    /// <c>connection-lost</c>; null for every other outcome.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Everything that is wrong with the request; empty for every other outcome.</summary>
    public ImmutableArray<RequestProblem> Problems { get; init; } = [];
}
