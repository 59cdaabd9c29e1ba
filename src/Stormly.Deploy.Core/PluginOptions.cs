using Stormly.Deploy.Examples;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>What a host application says about one plugin that it names at its start.</summary>
public sealed class PluginOptions
{
    /// <summary>How many instances are wanted, whatever the load. Default null, which means 1 where <see cref="Scaling"/> is not set either; from 1 to 1000.</summary>
    public int? Instances { get; set; }

    /// <summary>Between what the number of instances follows the load, instead of <see cref="Instances"/>; both together are an error. Default null: a fixed number.</summary>
    public ScaleRange? Scaling { get; set; }

    /// <summary>
    /// How many requests one instance gets at once: a limit, beyond which requests wait. 1 for a server that answers one after the other, as a Gunicorn sync
    /// worker does. Default null, which means the number of all plugins in the options of routing; from 1 to 100,000.
    /// </summary>
    public int? MaxRequestsPerInstance { get; set; }

    /// <summary>How much memory one instance uses, in bytes, as declared: what the machine's limit is shared out by. Default null: not declared; from 1 on.</summary>
    public long? MemoryBytes { get; set; }

    /// <summary>What is done about the examples of a new revision before it gets requests. Default null: as <see cref="PluginDeploymentOptions.Examples"/> says.</summary>
    public ExampleCheck? Examples { get; set; }

    internal ScaleRange Range => Scaling ?? ScaleRange.Fixed(Instances ?? 1);

    /// <summary>How its folder is followed. Default null: as <see cref="PluginDeploymentOptions.Follow"/> says.</summary>
    public FollowOptions? Follow { get; set; }

    /// <summary>When its source is read again in any case, and deployed where it differs, as if a change had been noticed. Default null: never.</summary>
    public RedeploySchedule? Redeploy { get; set; }

    /// <summary>Variables that every instance gets besides the allow-list; the contract's own three cannot be set. Default: none.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
