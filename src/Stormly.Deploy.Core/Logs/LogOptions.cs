namespace Stormly.Deploy.Logs;

/// <summary>How much a plugin may write to its log.</summary>
public sealed class LogOptions
{
    /// <summary>
    /// The greatest number of bytes of disk that the log folder of one instance takes, at least 1 MiB. Default 1 GiB (1,073,741,824). At half of it
    /// the oldest part is removed and the last quarter kept; the other half is what a fast writer may fill until it is seen.
    /// </summary>
    public long CapBytes { get; set; } = 1L << 30;
}
