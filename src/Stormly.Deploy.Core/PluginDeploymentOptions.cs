using Stormly.Deploy.Examples;
using Stormly.Deploy.Features;
using Stormly.Deploy.Following;
using Stormly.Deploy.Health;
using Stormly.Deploy.Logs;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Scaling;
using Stormly.Deploy.Statistics;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <summary>Everything about deployments that a host application may set. Checked as a whole when the host application starts.</summary>
public sealed class PluginDeploymentOptions
{
    /// <summary>
    /// The folder that holds revisions, desired state and instances. One host application at a time may use it. Default: a folder named after the
    /// host application below <c>stormly-deploy</c> in the user's local application data.
    /// </summary>
    public string? StateFolder { get; set; }

    /// <summary>
    /// What becomes of the instances of plugins when the host application ends. Default <see cref="HostEndAction.EndPlugins"/>. The others need a backend
    /// that can take instances over, and otherwise the host application does not start.
    /// </summary>
    public HostEndAction WhenHostEnds { get; set; } = HostEndAction.EndPlugins;

    /// <summary>How many decision records a snapshot holds. Default 200, from 1 to 10 000.</summary>
    public int DecisionsKept { get; set; } = 200;

    /// <summary>How much of the past is kept on disk.</summary>
    public JournalOptions Journal { get; set; } = new();

    /// <summary>Recordings of what deployments learn and decide, to be replayed.</summary>
    public RecordingOptions Recording { get; set; } = new();

    /// <summary>How long a start may take.</summary>
    public StartOptions Start { get; set; } = new();

    /// <summary>How ready instances are watched.</summary>
    public StatusCheckOptions StatusCheck { get; set; } = new();

    /// <summary>How long starts wait after failures.</summary>
    public BackOffOptions BackOff { get; set; } = new();

    /// <summary>When failing requests take an instance out of routing although its status checks are good.</summary>
    public OutlierOptions Outlier { get; set; } = new();

    /// <summary>How instances are exchanged.</summary>
    public RolloutOptions Rollout { get; set; } = new();

    /// <summary>How deployments follow the folders that they come from, where a plugin's own options say nothing else.</summary>
    public FollowOptions Follow { get; set; } = new();

    /// <summary>How the number of instances follows the load, where a plugin has a range.</summary>
    public ScalingOptions Scaling { get; set; } = new();

    /// <summary>What all deployments may use of the machine together.</summary>
    public MachineLimits Machine { get; set; } = new();

    /// <summary>How instances are taken away.</summary>
    public StopOptions Stop { get; set; } = new();

    /// <summary>What is accepted from callers, and how it is completed for the plugin.</summary>
    public RequestOptions Requests { get; set; } = new();

    /// <summary>How the examples of explanations are run against the plugins.</summary>
    public ExampleOptions Examples { get; set; } = new();

    /// <summary>What is learned of the values of features, and what of it is shown or used.</summary>
    public StatisticsOptions Statistics { get; set; } = new();

    /// <summary>How features that a caller leaves out are supplied.</summary>
    public FeatureOptions Features { get; set; } = new();

    /// <summary>How requests are handed to instances.</summary>
    public RoutingOptions Routing { get; set; } = new();

    /// <summary>How much plugins may write to their logs.</summary>
    public LogOptions Logs { get; set; } = new();
}
