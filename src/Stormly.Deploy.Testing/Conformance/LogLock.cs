using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing;

/// <summary>
/// Sees from outside whether a process of the suite's plugin lives: each shares a lock on its log for as long as it lives (flock(2)). Needs no rights,
/// asks for no process ids, and sees into containers of the same machine.
/// </summary>
internal static class LogLock
{
    /// <summary>Whether somebody holds it.</summary>
    public static bool IsHeld(InstanceSpec spec)
    {
        try
        {
            using var file = new FileStream(spec.LogFile, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
