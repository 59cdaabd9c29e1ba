namespace Stormly.Deploy.Process.Linux;

/// <summary>Names this run of the kernel: process ids and start ticks mean nothing beyond it.</summary>
internal static class BootId
{
    /// <summary>Reads the id.</summary>
    /// <returns>The id; empty where the kernel does not say.</returns>
    public static string Read()
        => ProcFile.Read("/proc/sys/kernel/random/boot_id", 0, static (bytes, _) => System.Text.Encoding.ASCII.GetString(bytes).Trim()) ?? "";
}
