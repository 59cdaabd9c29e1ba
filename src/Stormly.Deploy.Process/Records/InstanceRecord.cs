namespace Stormly.Deploy.Process.Records;

/// <summary>
/// What is kept of an instance while it may have processes: written before the start (so that a host that dies in between leaves a trace) and
/// completed after it. Lies as <c>process.json</c> in the instance's folder.
/// </summary>
internal sealed record InstanceRecord
{
    /// <summary>The form of this record; another one is not understood.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The form that it was written in.</summary>
    public int Format { get; init; }

    /// <summary>The library that wrote it, for people.</summary>
    public string? LibraryVersion { get; init; }

    /// <summary>The instance.</summary>
    public string? Instance { get; init; }

    /// <summary>The plugin.</summary>
    public string? Plugin { get; init; }

    /// <summary>The folder that it was written into: a copy of the folder proves nothing.</summary>
    public string? Folder { get; init; }

    /// <summary>The marker that every process of the instance carries.</summary>
    public string? Marker { get; init; }

    /// <summary>The run of the kernel.</summary>
    public string? BootId { get; init; }

    /// <summary>The host application that has it in its hands; 0 where one has let go of it.</summary>
    public int HostPid { get; init; }

    /// <summary>When that host application started, in ticks since boot.</summary>
    public long HostStartTicks { get; init; }

    /// <summary>The leader's process id; 0 before the start.</summary>
    public int Pid { get; init; }

    /// <summary>When the leader started, in ticks since boot; 0 before the start.</summary>
    public long StartTicks { get; init; }

    /// <summary>The port that the instance was given.</summary>
    public int Port { get; init; }

    /// <summary>The port that the plugin's results name.</summary>
    public int DeclaredPort { get; init; }

    /// <summary>Whether it was started to live on without its host application: only such a one can be taken over, the lifeline of any other is cut.</summary>
    public bool OutlivesHost { get; init; }

    /// <summary>The file that takes its output; null where it writes into pipes.</summary>
    public string? OutputFile { get; init; }

    /// <summary>The SHA-256 of the command that was run, as hex digits.</summary>
    public string? CommandHash { get; init; }
}
