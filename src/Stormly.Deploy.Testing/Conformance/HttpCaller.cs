using System.Net.Http.Headers;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Testing;

/// <summary>Calls instances over TCP, as the library itself does where the backend brings no caller of its own.</summary>
internal sealed class HttpCaller : IInstanceCaller, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };

    public async ValueTask<CallOutcome> PostAsync(InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(limits.Timeout, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await _http.PostAsync(new Uri($"http://{address}{path}"), content, both.Token).ConfigureAwait(false);
            return CallOutcome.Answered((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? CallOutcome.Failed(CallResult.Cancelled, "the caller gave up")
                : bound.IsCancellationRequested ? CallOutcome.Failed(CallResult.TimedOut, $"no answer within {limits.Timeout}")
                : CallOutcome.Failed(CallResult.ConnectionLost, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();
}
