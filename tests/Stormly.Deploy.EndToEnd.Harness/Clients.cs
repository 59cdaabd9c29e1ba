using System.Collections.Concurrent;
using System.Net;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>Clients that send one request after the other until they are stopped, and keep the score.</summary>
public sealed class Clients : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Answer> _failures = [];
    private readonly Task[] _tasks;
    private int _answered;

    public Clients(int count, Func<CancellationToken, Task<Answer>> send)
        => _tasks = [.. Enumerable.Range(0, count).Select(_ => Task.Run(() => SendAsync(send)))];

    /// <summary>How many were answered with 200.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Every other answer.</summary>
    public IReadOnlyCollection<Answer> Failures => _failures;

    /// <summary>Waits for so many good answers more.</summary>
    public Task MoreAnswersAsync(int count, CancellationToken cancellationToken)
    {
        var goal = Answered + count;
        return Waiting.UntilAsync(() => Answered >= goal, $"{count} more answers, beside {_failures.Count} failures", cancellationToken);
    }

    /// <summary>Lets the requests under way finish, and sends no more.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task SendAsync(Func<CancellationToken, Task<Answer>> send)
    {
        while (!_stop.IsCancellationRequested)
        {
            var answer = await send(CancellationToken.None);
            if (answer.Code == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref _answered);
            }
            else
            {
                _failures.Enqueue(answer);
            }
        }
    }
}
