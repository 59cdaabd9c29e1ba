using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>An instance could not be started, or did not become ready.</summary>
public sealed class InstanceStartException : PluginDeploymentException
{
    /// <summary>Makes an error for one start.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="reason">What was seen and what would help.</param>
    /// <param name="exitCode">The command's exit code, where it ended.</param>
    /// <param name="outputTail">The last lines of its output, printable.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public InstanceStartException(PluginName plugin, InstanceId instance, string reason, int? exitCode = null, string outputTail = "", Exception? inner = null)
        : base(Describe(plugin, instance, reason, outputTail), inner!)
    {
        Plugin = plugin;
        Instance = instance;
        Reason = reason;
        ExitCode = exitCode;
        OutputTail = outputTail;
    }

    /// <summary>The plugin.</summary>
    public PluginName Plugin { get; }

    /// <summary>The instance.</summary>
    public InstanceId Instance { get; }

    /// <summary>What was seen and what would help.</summary>
    public string Reason { get; }

    /// <summary>The command's exit code; null where it did not end or a signal ended it.</summary>
    public int? ExitCode { get; }

    /// <summary>The last lines of its output, printable.</summary>
    public string OutputTail { get; }

    private static string Describe(PluginName plugin, InstanceId instance, string reason, string tail)
        => $"Plugin '{plugin}', instance '{instance}': {reason}{(reason.EndsWith('.') ? "" : ".")}"
            + (tail.Length == 0 ? " It wrote nothing to its output." : $"{Environment.NewLine}Last output:{Environment.NewLine}{tail}");
}
