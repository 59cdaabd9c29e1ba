namespace Stormly.Deploy.Process.Ports;

/// <summary>Which ports local instances get.</summary>
public sealed class PortOptions
{
    /// <summary>How an instance gets its port. Default <see cref="PortMode.Auto"/>.</summary>
    public PortMode Mode { get; set; } = PortMode.Auto;

    /// <summary>
    /// The first port of the range, 1024 to 65535. Default 20000. The range should lie below the kernel's ephemeral ports (often 32768 and up),
    /// which outgoing connections use; where a part of it does not, that part is left out as long as there is another.
    /// </summary>
    public int First { get; set; } = 20000;

    /// <summary>The last port of the range, <see cref="First"/> to 65535. Default 29999.</summary>
    public int Last { get; set; } = 29999;
}
