using Stormly.Deploy.Process.Ports;

namespace Stormly.Deploy.Process;

/// <summary>Settings of local processes. All of them are checked when the host application starts.</summary>
public sealed class ProcessHostOptions
{
    /// <summary>The shell that runs a plugin's command: an absolute path. Any POSIX shell does. Default <c>/bin/sh</c>.</summary>
    public string Shell { get; set; } = "/bin/sh";

    /// <summary>
    /// The variables of the host application's environment that reach a plugin: names, or beginnings of names with <c>*</c> at their end. Nothing
    /// else does, because the host's secrets are not the plugin's. Default <c>PATH</c>, <c>HOME</c>, <c>LANG</c>, <c>LC_*</c>, <c>TZ</c>, <c>TMPDIR</c>; configuration adds to them.
    /// </summary>
    public IList<string> AllowedEnvironment { get; } = ["PATH", "HOME", "LANG", "LC_*", "TZ", "TMPDIR"];

    /// <summary>How many bytes of the last output of an instance are kept in memory for error messages, 1024 to 16 MiB. Default 65536.</summary>
    public int OutputTailBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// The <c>oom_score_adj</c> of a plugin (proc_pid_oom_score_adj(5)), 0 to 1000: when memory runs out, the kernel ends a plugin before the host
    /// application. Default 500.
    /// </summary>
    public int OutOfMemoryScore { get; set; } = 500;

    /// <summary>How many files a plugin may have open, 64 or more; null leaves the host application's own limit. Default null.</summary>
    public int? OpenFiles { get; set; }

    /// <summary>How long an instance may take to end by itself when the backend or the instance is disposed of without having been stopped. Default 10 s.</summary>
    public TimeSpan DisposeGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The ports that instances get.</summary>
    public PortOptions Ports { get; } = new();
}
