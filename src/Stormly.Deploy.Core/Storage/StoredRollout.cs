using System.Diagnostics.CodeAnalysis;

namespace Stormly.Deploy.Storage;

/// <summary>A rollout that is under way: what a start of the host application takes up again.</summary>
internal sealed record StoredRollout : StoredFleet
{
    public StoredRollout()
    {
    }

    [SetsRequiredMembers]
    public StoredRollout(StoredFleet fleet)
        : base(fleet)
    {
    }

    /// <summary>Whether it is tried again and again because nothing ever served.</summary>
    public bool KeepTrying { get; init; }

    /// <summary>How often it was taken up again since the host application last ended as planned or the rollout began.</summary>
    public int Resumed { get; init; }
}
