namespace Stormly.Deploy.Hosts;

/// <summary>How many instances of a plugin a backend can run at once.</summary>
public sealed record PlacementAnswer
{
    /// <summary>As many as wanted.</summary>
    public static PlacementAnswer Unlimited { get; } = new() { MaxInstances = int.MaxValue };

    /// <summary>
    /// The greatest number at once, surge included; 0 where the plugin cannot run at all. While a revision with such a limit comes in, instances of other revisions with a limit
    /// count as well, and those of revisions without one do not.
    /// </summary>
    public required int MaxInstances { get; init; }

    /// <summary>Which rule limits it and what would help; null where nothing does.</summary>
    public string? Reason { get; init; }
}
