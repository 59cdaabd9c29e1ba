namespace Stormly.Deploy.Simulation;

/// <summary>
/// A process in which one thread does everything, one thing after the other: then nothing but the seed says in which order things happen, and a storm is the same each
/// time, to the last line.
/// </summary>
internal static class OneThread
{
    /// <summary>Whether this process is one.</summary>
    public static bool IsOnly { get; private set; }

    /// <summary>Makes this process one. For the beginning of a program.</summary>
    public static void Begin()
    {
        IsOnly = ThreadPool.SetMinThreads(1, 1) && ThreadPool.SetMaxThreads(1, 1);
        if (!IsOnly)
        {
            throw new InvalidOperationException("The thread pool of this process cannot be held to one thread.");
        }
    }

    /// <summary>Lets everything that is ready to go on go on by one piece, some times over, and stops in the middle of it all.</summary>
    /// <param name="times">How often.</param>
    /// <returns>A task.</returns>
    public static async Task GoOnAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
        }
    }
}
