namespace Stormly.Deploy.Features;

/// <summary>A provider, and how many of its calls are still running after their time was up: one that never comes back must not gather calls without end.</summary>
internal sealed class ProviderCalls(IFeatureProvider provider)
{
    /// <summary>The most calls that may be overdue before it is not asked any more.</summary>
    public const int MostOverdue = 100;

    private int _overdue;

    public IFeatureProvider Provider { get; } = provider;

    public string Name { get; } = provider.GetType().Name;

    /// <summary>Whether it may be asked.</summary>
    public bool IsOpen => Volatile.Read(ref _overdue) < MostOverdue;

    /// <summary>Counts a call as overdue until it ends.</summary>
    /// <param name="call">The call.</param>
    public void Abandon(Task call)
    {
        Interlocked.Increment(ref _overdue);
        _ = call.ContinueWith(
            static (ended, self) =>
            {
                _ = ended.Exception; // seen: what a late call says changes nothing
                Interlocked.Decrement(ref ((ProviderCalls)self!)._overdue);
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
