namespace Stormly.Deploy.Docker;

/// <summary>When an image is fetched from its registry.</summary>
public enum DockerPullPolicy
{
    /// <summary>When the engine does not have it.</summary>
    Missing,

    /// <summary>Before every start. Where the registry cannot be reached, the image that the engine has is used, with a warning.</summary>
    Always,

    /// <summary>Never: a start fails where the engine does not have it.</summary>
    Never,
}
