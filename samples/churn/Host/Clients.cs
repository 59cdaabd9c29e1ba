using System.Collections.Concurrent;
using System.Text;

namespace ChurnHost;

/// <summary>Clients that send one request after the other until they are disposed, and keep the score.</summary>
internal sealed class Clients : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly HttpClient _http;
    private readonly string _address;
    private readonly string _body;
    private readonly Task[] _tasks;
    private int _answered;

    public Clients(HttpClient http, string address, string body, int count)
    {
        (_http, _address, _body) = (http, address, body);
        _tasks = [.. Enumerable.Range(0, count).Select(_ => Task.Run(SendUntilStoppedAsync))];
    }

    /// <summary>How many requests were answered with 200.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Every other outcome, in words.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

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

    private async Task SendUntilStoppedAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var content = new StringContent(_body, Encoding.UTF8, "application/json");
                using var answer = await _http.PostAsync(_address, content);
                if (answer.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref _answered);
                    continue;
                }

                _failures.Enqueue($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException error)
            {
                _failures.Enqueue(error.Message);
            }
        }
    }
}
