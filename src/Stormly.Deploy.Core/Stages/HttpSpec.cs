using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>The merged <c>http</c> object of a plugin's stages, complete and checked: how to start the plugin's server and talk to it.</summary>
public sealed record HttpSpec
{
    /// <summary>The port that the plugin's command says it listens on, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The path of status checks; begins with <c>/</c>.</summary>
    public required string StatusPath { get; init; }

    /// <summary>The path of requests; begins with <c>/</c>.</summary>
    public required string RequestPath { get; init; }

    /// <summary>The shell command line that starts the server.</summary>
    public required string StartServerCmd { get; init; }

    /// <summary>Handed to the server manifest as an exact copy; null where no stage gave any.</summary>
    public RawJson? Options { get; init; }

    /// <summary>The explanation for end users as written; null where no stage gave any.</summary>
    public RawJson? Explain { get; init; }

    /// <summary>Every key of the merged object with its origin, unknown ones included, in the order in which they first appeared.</summary>
    public required ImmutableArray<HttpValue> Values { get; init; }
}
