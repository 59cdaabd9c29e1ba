using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

/// <summary>What is known of a followed folder.</summary>
internal sealed record FollowState
{
    /// <summary>The mark of the folder that <see cref="Conclusion"/> is about; null where it must be read in any case.</summary>
    public string? Settled { get; init; }

    /// <summary>The mark when it was last looked at.</summary>
    public string? Seen { get; init; }

    /// <summary>What came of reading it; null where it was not read yet.</summary>
    public FollowConclusion? Conclusion { get; init; }

    /// <summary>When the first change was noticed that was not read yet; null where there is none.</summary>
    public TimeSpan? ChangedSince { get; init; }

    /// <summary>When the last change was noticed.</summary>
    public TimeSpan LastChange { get; init; }

    /// <summary>When it is looked at in any case.</summary>
    public TimeSpan NextScan { get; init; }

    /// <summary>Whether the file system told of a change since it was last looked at, so that another mark is no news.</summary>
    public bool Told { get; init; }

    /// <summary>Whether the schedule asked for a reading that was not done yet.</summary>
    public bool Asked { get; init; }

    /// <summary>Why the file system tells of no changes; null where it does.</summary>
    public string? ScanOnly { get; init; }

    /// <summary>The last such reason that was reported.</summary>
    public string? ScanSaid { get; init; }

    /// <summary>Whether it was reported that the folder goes on changing.</summary>
    public bool Impatient { get; init; }

    /// <summary>The state of a folder that was read already, or not yet.</summary>
    /// <param name="mark">Its mark just before; null where it was not read.</param>
    /// <param name="conclusion">What came of it; null where it was not read.</param>
    /// <returns>The state.</returns>
    public static FollowState Begin(string? mark, FollowConclusion? conclusion) => new() { Settled = SettledBy(mark, conclusion), Seen = mark, Conclusion = conclusion };

    /// <summary>What cannot be used is read again with every scan: not every cause lies in the folder.</summary>
    public static string? SettledBy(string? mark, FollowConclusion? conclusion) => conclusion?.State == SourceState.Unusable ? null : mark;

    /// <summary>What outsiders see.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The snapshot.</returns>
    public SourceSnapshot View(string folder) => new()
    {
        Folder = folder,
        State = Conclusion?.Problem is null && ChangedSince is not null ? SourceState.Changing : Conclusion?.State ?? SourceState.Changing,
        Problem = Conclusion?.Problem ?? (Impatient ? FollowPolicy.NeverQuiet : null),
        Revision = Conclusion?.Revision,
        ScanOnly = ScanOnly,
    };
}
