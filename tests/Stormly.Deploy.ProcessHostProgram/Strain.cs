using System.Diagnostics;

namespace Stormly.Deploy.ProcessHostProgram;

/// <summary>What a host application may do to itself.</summary>
internal static class Strain
{
    /// <summary>Blocks every thread of the pool, and lets it have no more of them, so that nothing asynchronous goes on.</summary>
    public static string StarveThreadPool(TimeSpan time)
    {
        ThreadPool.GetMaxThreads(out var most, out var ports);
        BlockAll(time);
        ThreadPool.SetMaxThreads(most, ports);
        return "starved";
    }

    /// <summary>Lets the pool have all its threads now and none later: a runtime that gets no thread when it wants one ends its process.</summary>
    public static void TakeAllThreadsNow() => BlockAll(TimeSpan.Zero);

    private static void BlockAll(TimeSpan time)
    {
        ThreadPool.GetMaxThreads(out _, out var ports);
        var few = Math.Max(Environment.ProcessorCount, 4);
        ThreadPool.SetMaxThreads(few, ports);
        using var go = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(few);
        using var ended = new CountdownEvent(few);
        for (var i = 0; i < few; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    blocked.Signal();
                    go.Wait();
                    ended.Signal();
                },
                null);
        }

        blocked.Wait();
        Thread.Sleep(time);
        go.Set();
        ended.Wait();
    }

    /// <summary>Keeps every processor busy with twice as many threads as there are processors.</summary>
    public static string BurnProcessors(TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => new Thread(() =>
        {
            while (Stopwatch.GetElapsedTime(begun) < time)
            {
                Thread.SpinWait(1000);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return "burnt";
    }
}
