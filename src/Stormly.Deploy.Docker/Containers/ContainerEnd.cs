namespace Stormly.Deploy.Docker.Containers;

/// <summary>What the engine knows of a container's end.</summary>
/// <param name="Code">The exit code; null where the container is gone and nobody could ask.</param>
/// <param name="OutOfMemory">Whether the kernel ended something in it because its memory limit was reached.</param>
/// <param name="StartError">The engine's words where the container never ran.</param>
internal sealed record ContainerEnd(long? Code, bool OutOfMemory = false, string StartError = "")
{
    /// <summary>Somebody removed the container.</summary>
    public static ContainerEnd Removed { get; } = new((long?)null);
}
