using Stormly.Deploy.Routing;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <summary>How the wanted number of one deployment follows the load.</summary>
internal sealed record ScaleState
{
    public required ScaleMemory Memory { get; init; }

    /// <summary>When it is reconsidered.</summary>
    public required TimeSpan NextTick { get; init; }

    /// <summary>The demand as it was read when the number was last reconsidered; null before.</summary>
    public DemandReading? Last { get; init; }
}
