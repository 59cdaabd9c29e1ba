using Microsoft.Extensions.Logging;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>What a <see cref="SourceFollower"/> works with.</summary>
internal sealed record FollowerSpec
{
    /// <summary>What must have ended before: the follower of the same deployment that this one takes the place of, which may still have something to say.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    public required string Folder { get; init; }

    public required FollowOptions Options { get; init; }

    public required IFolderWatcher Watcher { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>How the folder looked just before <see cref="Conclusion"/> was drawn; null where it must be read in any case.</summary>
    public string? Mark { get; init; }

    /// <summary>What is known of it already; null where it was not read yet.</summary>
    public FollowConclusion? Conclusion { get; init; }

    /// <summary>When it is read in any case; null where no schedule asks for it.</summary>
    public RedeploySchedule? Schedule { get; init; }

    /// <summary>When the schedule last asked for it; null where it never did.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>Stores when the schedule asked for it.</summary>
    public required Func<DateTimeOffset, Task> Ran { get; init; }

    /// <summary>Reads the folder and deploys what differs.</summary>
    public required Func<CancellationToken, Task<FollowConclusion>> Read { get; init; }

    /// <summary>Tells the deployment how it stands to the folder, and what people should know.</summary>
    public required Func<SourceSnapshot, FollowReport?, Task> Tell { get; init; }
}
