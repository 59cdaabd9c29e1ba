namespace Stormly.Deploy.Process.Ports;

/// <summary>How an instance gets its port.</summary>
public enum PortMode
{
    /// <summary>A port of the range wherever the command lets itself be moved with certainty; the declared port for one instance where it does not.</summary>
    Auto,

    /// <summary>The declared port, hence at most one instance per port and machine.</summary>
    Fixed,
}
