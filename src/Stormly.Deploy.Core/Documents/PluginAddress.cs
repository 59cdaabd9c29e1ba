namespace Stormly.Deploy.Documents;

/// <summary>Where callers reach a plugin, as its documents tell them. All text in it is part of a URL already: percent-encoded.</summary>
public sealed record PluginAddress
{
    /// <summary>What stands before the application's own addresses, e.g. <c>/tenant-a</c>; empty where nothing does. Default empty.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>The path that requests are POSTed to, e.g. <c>/plugins/churn</c>. Documents lie below it.</summary>
    public required string Path { get; init; }

    /// <summary>The request header that names the caller while a canary is tried out; null where none does.</summary>
    public string? CanaryKeyHeader { get; init; }

    /// <summary>The greatest body of a request in bytes; null where it is not said.</summary>
    public int? MaxBodyBytes { get; init; }

    /// <summary>The whole path of requests, from the root of the server.</summary>
    internal string FullPath => PathBase + Path;
}
