using System.Globalization;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Routing;

/// <summary>
/// The call over the framework's own HTTP client, one connection a request: a kept connection may be closed by the server in the very moment of
/// the next request, and a POST must not be repeated then. No header of an answer leaves this class.
/// </summary>
internal sealed class InstanceCaller : IInstanceCaller, IDisposable
{
    private const int MaxHeaderKilobytes = 32;

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;

    public InstanceCaller(IOptions<RoutingOptions> options, TimeProvider time)
    {
        _time = time;
        var connector = new InstanceConnector(options.Value.ConnectTimeout, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = connector.ConnectAsync,
        });
    }

    public async ValueTask<CallOutcome> PostAsync(
        InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return CallOutcome.Failed(CallResult.Cancelled, "the caller gave up");
        }

        using var deadline = new CancellationTokenSource(limits.Timeout, _time);
        using var caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        try
        {
            using var request = MakeRequest(address, path, body);
            using var response = await _http.SendAsync(request, deadline.Token).ConfigureAwait(false);
            return await ReadAsync(response, limits, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (CallFailure.Read(e, cancellationToken.IsCancellationRequested, deadline.IsCancellationRequested) is { } failure)
        {
            return failure;
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage MakeRequest(InstanceAddress address, string path, ReadOnlyMemory<byte> body)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://" + address + path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return request;
    }

    private static async ValueTask<CallOutcome> ReadAsync(HttpResponseMessage response, CallLimits limits, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        if (ResponseHead.FindProblem(response) is { } problem)
        {
            return CallOutcome.Failed(CallResult.NotHttp, problem);
        }

        if (code < 200)
        {
            return CallOutcome.Answered(code, null, 0);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var (rented, length) = await ResponseBody.ReadAsync(stream, response.Content.Headers.ContentLength, limits.MaxResponseBytes, cancellationToken).ConfigureAwait(false);
            return length < 0
                ? CallOutcome.Failed(CallResult.TooLarge, string.Create(CultureInfo.InvariantCulture, $"the answer is larger than {limits.MaxResponseBytes} bytes"))
                : CallOutcome.Answered(code, rented, length);
        }
    }
}
