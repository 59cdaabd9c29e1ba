namespace Stormly.Deploy.Storage;

/// <summary>What a store is taken into use with.</summary>
public sealed record StoreOpening
{
    /// <summary>The state folder, an absolute path. It exists, and belongs to this host application alone.</summary>
    public required string StateFolder { get; init; }

    /// <summary>How many decisions are returned of each deployment, the newest ones.</summary>
    public required int Newest { get; init; }

    /// <summary>How many decisions of each deployment are to be kept at least, where there are so many. A store may keep more; 0 is none.</summary>
    public required int Decisions { get; init; }

    /// <summary>How many bytes they may take; what does not fit need not be kept.</summary>
    public required long DecisionBytes { get; init; }
}
