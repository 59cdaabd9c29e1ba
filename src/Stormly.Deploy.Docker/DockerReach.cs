namespace Stormly.Deploy.Docker;

/// <summary>How requests reach a container.</summary>
public enum DockerReach
{
    /// <summary>Through a port of this machine that the engine chooses and forwards. Works with every engine.</summary>
    PublishedPort,

    /// <summary>
    /// At the container's own address on the engine's network: half the way, and no port of this machine is taken. Only on Linux, with the engine on
    /// this machine.
    /// </summary>
    ContainerAddress,
}
