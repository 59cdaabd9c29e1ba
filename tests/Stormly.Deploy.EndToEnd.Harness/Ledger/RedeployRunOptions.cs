using Stormly.Deploy.EndToEnd.Harness.Kinds;

namespace Stormly.Deploy.EndToEnd.Harness.Ledger;

/// <summary>How much of everything.</summary>
public sealed record RedeployRunOptions
{
    public required int Count { get; init; }

    /// <summary>What is run.</summary>
    public PluginKind Kind { get; init; } = PluginKind.Processes;

    public int Seed { get; init; } = 1;

    public int BadPercent { get; init; } = 30;

    public int Clients { get; init; } = 6;

    /// <summary>How long a client rests between two requests.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How often an instance is killed, on average.</summary>
    public TimeSpan KillEvery { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(2);
}
