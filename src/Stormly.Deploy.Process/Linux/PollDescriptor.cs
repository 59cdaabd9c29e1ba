using System.Runtime.InteropServices;

namespace Stormly.Deploy.Process.Linux;

/// <summary>One entry of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    /// <summary>The descriptor.</summary>
    public int Descriptor;

    /// <summary>What is waited for.</summary>
    public short Events;

    /// <summary>What came.</summary>
    public short Came;
}
