using System.Collections.Concurrent;

namespace Stormly.Deploy.Runtime;

/// <summary>Tasks that nobody waits for at once, but all of which are waited for in the end.</summary>
internal sealed class BackgroundWork(Action<Exception> onBug)
{
    private readonly ConcurrentDictionary<long, Task> _tasks = new();
    private long _last;

    /// <summary>Begins work on the thread pool.</summary>
    /// <param name="work">The work; every failure that can be expected must be handled in it.</param>
    public void Run(Func<Task> work)
    {
        var key = Interlocked.Increment(ref _last);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tasks[key] = begun.Task;
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                onBug(error);
            }
            finally
            {
                _tasks.TryRemove(key, out _);
                begun.SetResult();
            }
        });
    }

    /// <summary>Tells of a failure that was not expected.</summary>
    /// <param name="bug">The failure.</param>
    public void Tell(Exception bug) => onBug(bug);

    public async Task WhenIdleAsync()
    {
        while (!_tasks.IsEmpty)
        {
            await Task.WhenAll(_tasks.Values).ConfigureAwait(false);
        }
    }
}
