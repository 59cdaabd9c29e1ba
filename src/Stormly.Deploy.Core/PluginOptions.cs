using Stormly.Deploy.Following;

namespace Stormly.Deploy;

/// <summary>What a host application says about one plugin that it names at its start.</summary>
public sealed class PluginOptions
{
    /// <summary>How many instances are wanted. Default 1, from 1 to 1000.</summary>
    public int Instances { get; set; } = 1;

    /// <summary>How its folder is followed. Default null: as <see cref="PluginDeploymentOptions.Follow"/> says.</summary>
    public FollowOptions? Follow { get; set; }

    /// <summary>Variables that every instance gets besides the allow-list; the contract's own three cannot be set. Default: none.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
