namespace Stormly.Deploy.Routing;

/// <summary>
/// The running mean of how long a plugin's answers take. Written without a lock: an update that is lost to another one at the same moment does no harm.
/// </summary>
internal sealed class ServiceTime
{
    private const double Weight = 0.1;
    private double _seconds;

    /// <summary>The mean in seconds; 0 before the first answer.</summary>
    public double Seconds => Volatile.Read(ref _seconds);

    public void Add(TimeSpan taken)
    {
        var before = Volatile.Read(ref _seconds);
        Volatile.Write(ref _seconds, before == 0 ? taken.TotalSeconds : before + (Weight * (taken.TotalSeconds - before)));
    }
}
