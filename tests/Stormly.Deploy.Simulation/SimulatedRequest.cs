using System.Collections.Immutable;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Simulation;

/// <summary>One request of a simulated caller.</summary>
internal sealed class SimulatedRequest(int number, int life, TimeSpan since)
{
    public int Number { get; } = number;

    /// <summary>Which life of the host application it belongs to.</summary>
    public int Life { get; } = life;

    public TimeSpan Since { get; set; } = since;

    public ImmutableArray<RouteTarget> Tried { get; set; } = [];

    public int Answers { get; set; }

    /// <summary>Whether it is part of the demand now.</summary>
    public bool Counted { get; set; }

    /// <summary>When an instance got it last.</summary>
    public TimeSpan CalledAt { get; set; }
}
