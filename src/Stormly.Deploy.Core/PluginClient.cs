using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Diagnostics;
using Stormly.Deploy.Features;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>The way of a request: checked and completed, handed to an instance, its answer checked, and the instance given back on every path.</summary>
internal sealed partial class PluginClient : IPluginClient
{
    private const int RoomForAdditions = 512;
    private const int LoggedBytes = 2048;

    private readonly RouteTable _table;
    private readonly Router _router;
    private readonly IInstanceCaller _caller;
    private readonly RoutingOptions _options;
    private readonly CallLimits _limits;
    private readonly int _maxDepth;
    private readonly TimeProvider _time;
    private readonly RoutingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly FeatureSources? _features;

    public PluginClient(
        RouteTable table,
        Router router,
        IInstanceCaller caller,
        IOptions<RoutingOptions> options,
        IOptions<RequestOptions> requestOptions,
        TimeProvider time,
        RoutingMetrics metrics,
        ILogger<PluginClient> logger,
        FeatureSources? features = null)
    {
        _table = table;
        _router = router;
        _caller = caller;
        _options = options.Value;
        _limits = new CallLimits(_options.RequestTimeout, _options.MaxResponseBytes);
        _maxDepth = requestOptions.Value.MaxDepth;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _features = features;
    }

    public async ValueTask<PluginResponse> SendAsync(
        string plugin, ReadOnlyMemory<byte> body, PluginCallContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        if (_table.Find(plugin) is not { } route)
        {
            return PluginResponses.Unknown(plugin);
        }

        var started = _time.GetTimestamp();
        PluginResponse? response = null;
        _metrics.Active(route.Plugin, 1);
        using var activity = PluginDeploymentTelemetry.StartRequest(route.Plugin);
        try
        {
            response = await ServeAsync(route, body, context, cancellationToken).ConfigureAwait(false);
            return response;
        }
        finally
        {
            _metrics.Active(route.Plugin, -1);
            var outcome = response?.Outcome.ToSlug() ?? "bug";
            _metrics.Finished(route.Plugin, outcome, _time.GetElapsedTime(started));
            PluginDeploymentTelemetry.Finish(activity, outcome, response?.Outcome != PluginOutcome.Ok);
        }
    }

    private async ValueTask<PluginResponse> ServeAsync(PluginRoute route, ReadOnlyMemory<byte> body, PluginCallContext? context, CancellationToken cancellationToken)
    {
        using var request = new PooledBufferWriter(body.Length + RoomForAdditions);
        var features = NeedsFeatures(route) ? MakeFeatures(route, body, context) : null;
        // While a canary is tried out only the instance that it gets tells what a request must hold.
        if (route is { Canary: null, Endpoint: { } expected })
        {
            if (await WriteAsync(expected, body, request, features, cancellationToken).ConfigureAwait(false) is { } refused)
            {
                return refused;
            }
        }
        else if (features is not null)
        {
            await FindAheadAsync(route, body, request, features, cancellationToken).ConfigureAwait(false);
        }

        var written = route.Canary is null ? route.Endpoint : null;
        var tried = ImmutableArray<RouteTarget>.Empty;
        PluginResponse? failure = null;
        while (true)
        {
            var acquired = await _router.AcquireAsync(route.Plugin, tried, context?.CanaryKey, cancellationToken).ConfigureAwait(false);
            if (acquired.Lease is not { } lease)
            {
                return failure is null || acquired.Refusal is AcquireRefusal.Unavailable or AcquireRefusal.Cancelled
                    ? PluginResponses.Refused(route.Plugin.Value, acquired)
                    : failure;
            }

            using (lease)
            {
                if (!ReferenceEquals(written, lease.Target.Endpoint))
                {
                    // During an exchange of revisions the instance may expect something else than what was checked.
                    written = lease.Target.Endpoint;
                    request.Clear();
                    features ??= written.Features is null || _features is null ? null : MakeFeatures(route, body, context);
                    if (await WriteAsync(written, body, request, features, cancellationToken).ConfigureAwait(false) is { } refusedNow)
                    {
                        return refusedNow;
                    }
                }

                (var response, var again) = await CallAsync(route.Plugin, lease, request.WrittenMemory, context, cancellationToken).ConfigureAwait(false);
                if (!again || tried.Length >= _options.ConnectRetries)
                {
                    if (response.Outcome == PluginOutcome.Ok && context is null or { Learn: true } && written.Tallies is { } tallies && tallies.Wants())
                    {
                        tallies.Count(body.Span, (context?.EndUser ?? context?.FindEndUser?.Invoke())?.Address);
                    }

                    return response;
                }

                failure = response;
                tried = tried.Add(lease.Target);
            }
        }
    }

    private async ValueTask<(PluginResponse Response, bool Again)> CallAsync(
        PluginName plugin, InstanceLease lease, ReadOnlyMemory<byte> body, PluginCallContext? context, CancellationToken cancellationToken)
    {
        var target = lease.Target;
        var started = _time.GetTimestamp();
        var call = await _caller.PostAsync(target.Address, target.Endpoint.RequestPath, body, _limits, cancellationToken).ConfigureAwait(false);
        var took = _time.GetElapsedTime(started);
        if (call.Result is CallResult.Answered or CallResult.TimedOut)
        {
            lease.NoteServiceTime(took);
        }

        var notJson = call is { Result: CallResult.Answered, StatusCode: 200 } ? ResponseCheck.Check(call.Body.Span, _maxDepth).Reason : null;
        if (call is { Result: CallResult.Answered, StatusCode: 200 } && notJson is null)
        {
            target.NoteOutcome(good: true, took);
            target.Endpoint.Answers.NoteRequest(call.Body.Span);
            return (new PluginResponse(call.Body, call) { Instance = target.Instance }, false);
        }

        using (call)
        {
            var response = PluginResponses.Failed(target, call, notJson);
            var again = call.Result == CallResult.NotConnected
                || (call.Result == CallResult.ConnectionLost && _options.IdempotentPlugins.Contains(plugin.Value));
            if (call.Result != CallResult.Cancelled)
            {
                Report(plugin, target, call, response, again, context);
            }

            return (response, again);
        }
    }

    private void Report(PluginName plugin, RouteTarget target, CallOutcome call, PluginResponse response, bool again, PluginCallContext? context)
    {
        if (call.Result is CallResult.NotConnected or CallResult.ConnectionLost)
        {
            _table.Tell(new RouteSignal(plugin, RouteSignalKind.ConnectionTrouble, target.Instance, call.Detail));
        }

        // A code of 400 to 499 speaks of what the caller sent: it proves neither that the instance is well nor that it is not.
        if (call.StatusCode is < 400 or > 499 && target.NoteOutcome(good: false))
        {
            _table.Tell(new RouteSignal(plugin, RouteSignalKind.RequestFailed, target.Instance, response.Problem!.Detail));
        }

        if (again)
        {
            LogRetry(_logger, plugin, target.Instance, call.Detail, context?.TraceId ?? "none");
        }
        else if (_logger.IsEnabled(LogLevel.Warning))
        {
            LogFailure(_logger, plugin, target.Instance, response.Problem!.Detail, context?.TraceId ?? "none", Printable(call.Body.Span));
        }
    }

    private static string Printable(ReadOnlySpan<byte> body)
        => body.IsEmpty ? "nothing" : PrintableText.Escape(Encoding.UTF8.GetString(body[..Math.Min(body.Length, LoggedBytes)]), maxLength: LoggedBytes);
}
