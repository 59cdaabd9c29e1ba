using Microsoft.Extensions.Logging;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Logs;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Scaling;
using Stormly.Deploy.Statistics;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>What every controller works with.</summary>
internal sealed record RuntimeServices
{
    public required IInstanceHost Host { get; init; }

    public required IInstanceCaller Caller { get; init; }

    public required RouteTable Routes { get; init; }

    public required LogKeeper Logs { get; init; }

    public required InstanceFolders Folders { get; init; }

    public required RevisionStore Revisions { get; init; }

    public required RevisionHistory History { get; init; }

    public required IDeploymentStore Store { get; init; }

    public required JournalOptions Journal { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required DeploymentMetrics Metrics { get; init; }

    public required MachineSettings Machine { get; init; }

    /// <summary>What is known of the values of features; null where nothing is learned or read.</summary>
    public FeatureLearning? Learning { get; init; }

    /// <summary>What runs examples; null where nothing does.</summary>
    public ExampleRunner? Examples { get; init; }

    /// <summary>Rows of the host application.</summary>
    public IReadOnlyList<IFeatureRows> FeatureRows { get; init; } = [];

    public HostEndAction WhenHostEnds { get; init; }

    /// <summary>What all deployments may use together.</summary>
    public MachineLimits Limits { get; init; } = new();

    public required StopOptions Stop { get; init; }

    /// <summary>How many decision records a snapshot holds.</summary>
    public required int DecisionsKept { get; init; }

    /// <summary>Whether and how runs are recorded.</summary>
    public RecordingOptions Recording { get; init; } = new();

    /// <summary>Where recordings lie; null where there is no such place.</summary>
    public string? Recordings { get; init; }

    /// <summary>Cancelled when the host application has no more time: nothing is waited for any longer.</summary>
    public CancellationToken Force { get; init; }
}
