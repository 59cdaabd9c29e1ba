namespace Stormly.Deploy.Model;

/// <summary>A canary as outsiders see it at one moment.</summary>
public sealed record CanarySnapshot
{
    /// <summary>The revision that is tried out.</summary>
    public required RevisionId Revision { get; init; }

    /// <summary>The share of the traffic that it should get, in percent.</summary>
    public required double SharePercent { get; init; }

    /// <summary>The share that it gets; 0 until its instances are ready for the first time.</summary>
    public required double RoutedPercent { get; init; }

    /// <summary>How many ready instances of it are wanted, beside <see cref="DeploymentSnapshot.WantedInstances"/>.</summary>
    public required int WantedInstances { get; init; }

    /// <summary>Whether a rule decides about it.</summary>
    public required bool ByRule { get; init; }

    /// <summary>Since when its share stands; null before it was routed.</summary>
    public DateTimeOffset? RoutedSince { get; init; }

    /// <summary>Its requests that the revision that serves answered, because no instance of it could take them.</summary>
    public long AnsweredByOthers { get; init; }

    /// <summary>Requests of the revision that serves that it answered, because no other instance could take them.</summary>
    public long AnsweredForOthers { get; init; }
}
