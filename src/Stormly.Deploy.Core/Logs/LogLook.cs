namespace Stormly.Deploy.Logs;

/// <summary>What one look at a log found and did.</summary>
/// <param name="DiskBefore">Bytes of disk when it was looked at.</param>
/// <param name="DiskAfter">Bytes of disk when the look was over.</param>
/// <param name="Done">What was cut or removed, in words; empty where nothing was.</param>
/// <param name="Problems">What is out of order, in words; empty where nothing is.</param>
internal sealed record LogLook(long DiskBefore, long DiskAfter, IReadOnlyList<string> Done, IReadOnlyList<string> Problems);
