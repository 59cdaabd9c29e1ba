namespace Stormly.Deploy.Following;

/// <summary>What can be learned of a followed folder. A mark stands for all names, sizes and times in it.</summary>
internal abstract record FollowNews
{
    private FollowNews()
    {
    }

    /// <summary>The file system told of a change.</summary>
    public sealed record Touched : FollowNews;

    /// <summary>From now on the file system tells of changes; what changed before may have been missed.</summary>
    public sealed record WatchBegan : FollowNews;

    /// <summary>The file system tells of no more changes.</summary>
    public sealed record WatchLost(string Reason) : FollowNews;

    /// <summary>The folder was looked at.</summary>
    public sealed record Looked(string Mark) : FollowNews;

    /// <summary>The folder was read; <paramref name="Mark"/> was its mark just before.</summary>
    public sealed record Read(string Mark, FollowConclusion Conclusion) : FollowNews;

    /// <summary>The schedule asks for a reading, whether or not anything looks different; not before it is quiet.</summary>
    public sealed record Asked(string Why) : FollowNews;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : FollowNews;
}
