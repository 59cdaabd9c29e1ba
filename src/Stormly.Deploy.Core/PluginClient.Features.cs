using Stormly.Deploy.Features;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <content>Completing a request with features that its caller left out.</content>
internal sealed partial class PluginClient
{
    private bool NeedsFeatures(PluginRoute route)
        => _features is not null && (route.Endpoint?.Features is not null || (route.Canary is { } canary && canary.Targets.Any(t => t.Endpoint.Features is not null)));

    private RequestFeatures MakeFeatures(PluginRoute route, ReadOnlyMemory<byte> body, PluginCallContext? context)
        => new(_features!, route.Plugin.Value, () => context?.EndUser ?? context?.FindEndUser?.Invoke(), body);

    /// <summary>Checks a request for a revision and writes the plugin's body.</summary>
    /// <returns>The answer where it is refused; null where the body is written.</returns>
    private ValueTask<PluginResponse?> WriteAsync(
        PluginEndpoint endpoint, ReadOnlyMemory<byte> body, PooledBufferWriter request, RequestFeatures? features, CancellationToken cancellationToken)
    {
        if (features is not null && endpoint.Features is not null)
        {
            return WriteWithFeaturesAsync(endpoint, endpoint.Features, body, request, features, cancellationToken);
        }

        var check = endpoint.Contract.WriteRequestBody(body.Span, request, _time.GetUtcNow());
        return ValueTask.FromResult(check.IsOk ? null : PluginResponses.Invalid(check));
    }

    private async ValueTask<PluginResponse?> WriteWithFeaturesAsync(
        PluginEndpoint endpoint, FeaturePlan plan, ReadOnlyMemory<byte> body, PooledBufferWriter request, RequestFeatures features, CancellationToken cancellationToken)
    {
        var present = new ulong[endpoint.Contract.Words];
        if (endpoint.Contract.OpenRequestBody(body.Span, request, _time.GetUtcNow(), present) is { IsOk: false } refused)
        {
            return PluginResponses.Invalid(refused);
        }

        var isComplete = await features.FindAsync(plan, present, cancellationToken).ConfigureAwait(false);
        if (!isComplete && _features!.Options.WhenProviderIsLate == LateProviderAction.Fail)
        {
            return PluginResponses.WithoutFeatures();
        }

        var found = new FeatureMember[plan.Features.Length];
        var count = 0;
        foreach (var (feature, value, _) in features.Found(plan, present))
        {
            found[count++] = new FeatureMember(plan.Inputs[feature], value);
        }

        endpoint.Contract.CloseRequestBody(request, present, found.AsSpan(0, count));
        return null;
    }

    /// <summary>While a canary is tried out, finds what either side may want before an instance is claimed: none waits, claimed, for a provider.</summary>
    private async ValueTask FindAheadAsync(PluginRoute route, ReadOnlyMemory<byte> body, PooledBufferWriter request, RequestFeatures features, CancellationToken cancellationToken)
    {
        var canary = route.Canary!.Targets.IsEmpty ? null : route.Canary.Targets[0].Endpoint;
        foreach (var endpoint in new[] { route.Endpoint, canary })
        {
            if (endpoint?.Features is not { } plan)
            {
                continue;
            }

            var present = new ulong[endpoint.Contract.Words];
            if (endpoint.Contract.OpenRequestBody(body.Span, request, _time.GetUtcNow(), present).IsOk)
            {
                await features.FindAsync(plan, present, cancellationToken).ConfigureAwait(false);
            }

            request.Clear();
        }
    }
}
