using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <summary>The rules' numbers, and where names of new instances come from.</summary>
internal sealed record MachineSettings
{
    public required StartOptions Start { get; init; }

    public required StatusCheckOptions StatusCheck { get; init; }

    public required BackOffOptions BackOff { get; init; }

    public required RolloutOptions Rollout { get; init; }

    public required OutlierOptions Outlier { get; init; }

    public ScalingOptions Scaling { get; init; } = new();

    /// <summary>How many requests one instance gets at once where its plugin does not say so itself.</summary>
    public int MaxRequestsPerInstance { get; init; } = 64;

    /// <summary>Whether a planned end of the host application leaves instances running.</summary>
    public bool KeepAtStop { get; init; }

    /// <summary>Whether the examples of a revision that has not served before are run before it gets requests.</summary>
    public bool VerifyExamples { get; init; }

    public required Func<PluginName, InstanceId> NewId { get; init; }

    /// <summary>Gives each instance a part between 0 and 1 of the extra wait after its failure.</summary>
    public Func<InstanceId, double> Jitter { get; init; } = static id => (id.Value.Aggregate(17u, (hash, c) => (hash * 31) + c) % 1000) / 1000.0;

    /// <summary>The least time between two status checks of an instance because of trouble that requests met.</summary>
    public TimeSpan TroubleSpacing { get; init; } = TimeSpan.FromSeconds(1);
}
