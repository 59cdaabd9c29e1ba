namespace Stormly.Deploy.Docker;

/// <summary>What differs for one plugin from what <see cref="DockerHostOptions"/> says for all.</summary>
public sealed class DockerPluginOptions
{
    /// <summary>Its image; null takes <see cref="DockerHostOptions.Image"/>.</summary>
    public string? Image { get; set; }

    /// <summary>Its memory in bytes, 6 MiB or more; null takes <see cref="DockerHostOptions.MemoryBytes"/>.</summary>
    public long? MemoryBytes { get; set; }

    /// <summary>Its processors, greater than 0; null takes <see cref="DockerHostOptions.Processors"/>.</summary>
    public double? Processors { get; set; }

    /// <summary>Its processes and threads, 8 or more; null takes <see cref="DockerHostOptions.Processes"/>.</summary>
    public int? Processes { get; set; }
}
