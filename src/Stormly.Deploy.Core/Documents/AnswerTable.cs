using System.Collections.Immutable;

namespace Stormly.Deploy.Documents;

/// <summary>Every answer to a request that is not the plugin's own, as docs/architecture.md lists them.</summary>
internal static class AnswerTable
{
    /// <summary>The problems that a caller can meet, by status code. One code can have several types of problems.</summary>
    public static ImmutableArray<AnswerRow> Errors { get; } =
    [
        new(400, "the request is not what the plugin expects, or cannot be read; `problems` lists everything that is wrong", ["invalid-request", "malformed-request"]) { Lists = true },
        new(404, "there is no such plugin, or nothing at this address", ["unknown-plugin", "unknown-place"]),
        new(405, "only POST calls a plugin", ["method-not-allowed"]) { Header = "Allow" },
        new(408, "the body came too slowly", ["request-too-slow"]),
        new(413, "the body is too large", ["request-too-large"]) { Lists = true },
        new(415, "the body must be announced as `application/json` in UTF-8, without encoding", ["unsupported-media-type"]),
        new(429, "all instances are busy; try again after the seconds in `Retry-After`", ["overloaded"]) { Header = "Retry-After" },
        new(502, "the plugin failed: `reason` says how, `pluginStatus` is its own code", ["plugin-error"]) { TellsPlugin = true },
        new(503, "nothing is ready; where `Retry-After` is there, a start is under way", ["unavailable"]) { Header = "Retry-After" },
        new(504, "the plugin did not answer in time", ["timeout"]),
    ];
}
