using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Features;

/// <summary>
/// The features of one request: found once and remembered, so that nobody is asked twice where an instance of another revision gets the request. Not for several
/// threads at once.
/// </summary>
/// <param name="sources">Who can be asked.</param>
/// <param name="plugin">The plugin's name.</param>
/// <param name="findUser">Says who the end user is; called at most once.</param>
/// <param name="body">The caller's body; empty where there is none.</param>
internal sealed class RequestFeatures(FeatureSources sources, string plugin, Func<EndUser?> findUser, ReadOnlyMemory<byte> body)
{
    private static readonly ReadOnlyMemory<byte> NoProps = "{}"u8.ToArray();
    private static readonly EndUser Nobody = new();

    private readonly Dictionary<string, FeatureValue> _answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _now = sources.Time.GetUtcNow();
    private FactFinding? _finding;
    private bool _isComplete = true;
    private EndUser? _user;

    private EndUser User => _user ??= findUser() ?? Nobody;

    /// <summary>Finds what a request lacks: providers are asked, in one call each, then detectors look for the rest.</summary>
    /// <param name="plan">Who supplies what.</param>
    /// <param name="present">The bits of the inputs that the caller sent; empty where there is no request.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    /// <returns>False where a provider was late or failed, now or before, whatever the settings make of it.</returns>
    public async ValueTask<bool> FindAsync(FeaturePlan plan, ulong[] present, CancellationToken cancellationToken)
    {
        if (Asks(plan, present) is { Count: > 0 } asks && !await AskAsync(asks, cancellationToken).ConfigureAwait(false))
        {
            _isComplete = false;
        }

        Detect(plan, present);
        return _isComplete;
    }

    /// <summary>What was found of what a request lacks, in the native types of a revision's features.</summary>
    /// <param name="plan">The revision's plan.</param>
    /// <param name="present">The bits of the inputs that the caller sent; empty where there is no request.</param>
    /// <returns>The features' places in the plan, and their values.</returns>
    public IEnumerable<(int Feature, RawJson Value, InputSource Source)> Found(FeaturePlan plan, ulong[] present)
    {
        for (var i = 0; i < plan.Features.Length; i++)
        {
            if (!plan.IsMissing(i, present))
            {
                continue;
            }

            var planned = plan.Features[i];
            if (Answer(planned) is { } answer)
            {
                yield return (i, answer, InputSource.Provider);
            }
            else if (planned.Fact is not null && _finding?.Find(planned.Fact) is { } value && planned.Form!.Write(value) is { } detected)
            {
                yield return (i, detected, InputSource.Detector);
            }
        }
    }

    private RawJson? Answer(PlannedFeature planned)
        => _answers.TryGetValue(planned.Feature.Key, out var answer) ? answer.Write(planned.Feature.NativeType) : null;

    private List<(ProviderCalls Provider, ImmutableArray<FeatureDescriptor> Missing)>? Asks(FeaturePlan plan, ReadOnlySpan<ulong> present)
    {
        List<(ProviderCalls, ImmutableArray<FeatureDescriptor>)>? asks = null;
        for (var p = 0; p < sources.Providers.Length; p++)
        {
            ImmutableArray<FeatureDescriptor>.Builder? missing = null;
            for (var i = 0; i < plan.Features.Length; i++)
            {
                if (plan.Features[i].Providers.Contains(p) && plan.IsMissing(i, present) && !_asked.Contains(plan.Features[i].Feature.Key))
                {
                    (missing ??= ImmutableArray.CreateBuilder<FeatureDescriptor>()).Add(plan.Features[i].Feature);
                }
            }

            if (missing is not null)
            {
                (asks ??= []).Add((sources.Providers[p], missing.ToImmutable()));
            }
        }

        return asks;
    }

    private async ValueTask<bool> AskAsync(List<(ProviderCalls Provider, ImmutableArray<FeatureDescriptor> Missing)> asks, CancellationToken cancellationToken)
    {
        var props = new RawJson(Props());
        // Not disposed of at its end: a call that is late may still look at its token.
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = new Task<ProviderAnswer>[asks.Count];
        for (var i = 0; i < calls.Length; i++)
        {
            var (provider, missing) = asks[i];
            _asked.UnionWith(missing.Select(f => f.Key));
            var request = new FeatureRequest { Plugin = plugin, Missing = missing, Props = props, EndUser = User, Now = _now };
            calls[i] = provider.IsOpen ? CallAsync(provider.Provider, request, deadline.Token) : Task.FromResult(new ProviderAnswer(null, null));
        }

        Task all = Task.WhenAll(calls);
        if (!all.IsCompleted)
        {
            await all.WaitAsync(sources.Options.ProviderTimeout, sources.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await deadline.CancelAsync().ConfigureAwait(false);
        }

        var isComplete = true;
        for (var i = calls.Length - 1; i >= 0; i--)
        {
            isComplete &= Take(asks[i].Provider, asks[i].Missing, calls[i], cancellationToken.IsCancellationRequested);
        }

        return isComplete;
    }

    /// <summary>Takes over what one provider supplied. The first of the list is believed, and comes last.</summary>
    private bool Take(ProviderCalls provider, ImmutableArray<FeatureDescriptor> missing, Task<ProviderAnswer> call, bool isGone)
    {
        if (!call.IsCompleted)
        {
            provider.Abandon(call);
        }

        if (!call.IsCompleted || call.Result.Values is not { } values)
        {
            var error = call.IsCompleted ? call.Result.Error : null;
            if (!isGone)
            {
                sources.NoteFailure(plugin, provider, wasAsked: !call.IsCompleted || error is not null, error);
            }

            return false;
        }

        foreach (var feature in missing)
        {
            if (values.TryGetValue(feature.Key, out var value) && !value.IsNone)
            {
                if (value.Write(feature.NativeType) is null)
                {
                    sources.NoteWrongType(provider, feature);
                }
                else
                {
                    _answers[feature.Key] = value;
                }
            }
        }

        return true;
    }

    private static async Task<ProviderAnswer> CallAsync(IFeatureProvider provider, FeatureRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var values = await provider.ProvideAsync(request, cancellationToken).ConfigureAwait(false);
            return new ProviderAnswer(values, values is null ? new InvalidOperationException("It returned null.") : null);
        }
        catch (Exception error)
        {
            return new ProviderAnswer(null, error);
        }
    }

    private void Detect(FeaturePlan plan, ReadOnlySpan<ulong> present)
    {
        for (var i = 0; i < plan.Features.Length; i++)
        {
            var planned = plan.Features[i];
            if (planned.Fact is not null && plan.IsMissing(i, present) && Answer(planned) is null)
            {
                _finding ??= new FactFinding(User, _now);
                _finding.Want(planned.Fact);
                if (planned.Fact is FeatureFacts.Hour or FeatureFacts.LocalHour or FeatureFacts.DayOfWeek or FeatureFacts.IsWeekend)
                {
                    _finding.Want(FeatureFacts.TimeZone);
                }
            }
        }

        if (_finding is not null)
        {
            sources.Detect(_finding);
        }
    }

    /// <summary>The caller's props as a copy: a provider may keep them for longer than the body's memory is ours.</summary>
    private ReadOnlyMemory<byte> Props()
    {
        if (body.IsEmpty)
        {
            return NoProps;
        }

        var json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 1001 });
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isProps = json.ValueTextEquals("props"u8);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (isProps)
            {
                return body[start..(int)json.BytesConsumed].ToArray();
            }
        }

        return NoProps;
    }

    /// <summary>What came of asking a provider: values, or an error, or neither where it was not asked.</summary>
    private readonly record struct ProviderAnswer(IReadOnlyDictionary<string, FeatureValue>? Values, Exception? Error);
}
