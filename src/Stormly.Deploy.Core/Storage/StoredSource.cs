namespace Stormly.Deploy.Storage;

/// <summary>The folder that a deployment comes from.</summary>
internal sealed record StoredSource
{
    /// <summary>An absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether changes there are deployed by themselves, as far as options allow it.</summary>
    public bool Follow { get; init; } = true;

    /// <summary>When the plugin's schedule last had it read.</summary>
    public DateTimeOffset? LastRun { get; init; }
}
