namespace Stormly.Deploy.Storage;

/// <summary><c>instance.json</c> in the folder of an instance that may outlive the host application: what the next run must know to take it over.</summary>
internal sealed record InstanceNote
{
    public const string Name = "instance.json";

    public int Version { get; init; } = 1;

    public required string Plugin { get; init; }

    /// <summary>All 64 digits.</summary>
    public required string Revision { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it first took requests; null where it was still starting.</summary>
    public DateTimeOffset? ReadyAt { get; init; }
}
