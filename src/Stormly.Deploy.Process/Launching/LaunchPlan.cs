namespace Stormly.Deploy.Process.Launching;

/// <summary>Everything that one start needs, checked.</summary>
internal sealed record LaunchPlan
{
    /// <summary>The command line for the shell.</summary>
    public required string Command { get; init; }

    /// <summary>The shell's path.</summary>
    public required string Shell { get; init; }

    /// <summary>The path of <c>setsid</c>.</summary>
    public required string Setsid { get; init; }

    /// <summary>The instance's marker.</summary>
    public required string Marker { get; init; }

    /// <summary>The working directory.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The whole environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>How long the plugin may take to end when the host application has died.</summary>
    public required TimeSpan OrphanGrace { get; init; }

    /// <summary>The score that makes the kernel choose the plugin before the host when memory runs out.</summary>
    public required int OutOfMemoryScore { get; init; }

    /// <summary>The limit of open files; null leaves the host's own.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>How many of the last bytes of output are kept.</summary>
    public required int OutputTailBytes { get; init; }

    /// <summary>The file that takes the output of a plugin that outlives the host application; null where it ends with it and writes into pipes.</summary>
    public OutputFile? Output { get; init; }
}
