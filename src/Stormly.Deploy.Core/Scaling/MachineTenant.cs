namespace Stormly.Deploy.Scaling;

/// <summary>One deployment as far as the machine is shared out.</summary>
internal sealed record MachineTenant
{
    public required string Plugin { get; init; }

    /// <summary>How many instances it must have in any case.</summary>
    public int Least { get; init; }

    /// <summary>How many it would have if it were alone, surge included.</summary>
    public int Wish { get; init; }

    /// <summary>How many live, whatever their state.</summary>
    public int Live { get; init; }

    /// <summary>How many it may have, as far as it knows.</summary>
    public int Granted { get; init; }

    /// <summary>What one instance uses, as declared.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>For how long no request was there; zero where one is.</summary>
    public TimeSpan IdleFor { get; init; }

    /// <summary>For how long it has had requests and no instance.</summary>
    public TimeSpan WaitsFor { get; init; }

    /// <summary>For how long it has had instances without interruption.</summary>
    public TimeSpan HeldFor { get; init; }

    /// <summary>What an instance costs to bring back.</summary>
    public TimeSpan StartTook { get; init; }

    /// <summary>What it takes whatever it is told now: what lives, and what it may still start before it hears of less.</summary>
    public int Taken => Math.Max(Live, Granted);
}
