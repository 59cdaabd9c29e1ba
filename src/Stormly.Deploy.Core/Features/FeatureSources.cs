using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Features;

/// <summary>Everybody but the caller who can supply features.</summary>
internal sealed partial class FeatureSources
{
    private const int MostCauses = 1000;

    private readonly ImmutableArray<IFeatureDetector> _detectors;
    private readonly ImmutableHashSet<string> _facts;
    private readonly ConcurrentDictionary<string, byte> _logged = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private readonly Action<string, string>? _count;

    /// <summary>Makes them.</summary>
    /// <param name="detectors">The detectors, in the order of their registration.</param>
    /// <param name="providers">The providers, likewise.</param>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told once of each cause.</param>
    /// <param name="count">Told of every call of a provider that supplied nothing: the plugin, and what happened; null for nobody.</param>
    public FeatureSources(
        IEnumerable<IFeatureDetector> detectors, IEnumerable<IFeatureProvider> providers, FeatureOptions options, TimeProvider time, ILogger logger, Action<string, string>? count = null)
    {
        _count = count;
        Options = options;
        Time = time;
        _logger = logger;
        _detectors = options.Detect ? [.. detectors.Reverse()] : [];
        _facts = _detectors.SelectMany(d => d.Facts).ToImmutableHashSet(StringComparer.Ordinal);
        Providers = [.. providers.Reverse().Select(p => new ProviderCalls(p))];
    }

    public FeatureOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>The providers; the first that knows a value is believed.</summary>
    public ImmutableArray<ProviderCalls> Providers { get; }

    /// <summary>Plans who supplies which feature.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="features">The features of a revision.</param>
    /// <returns>The plan; null where nobody supplies anything.</returns>
    public FeaturePlan? Plan(string plugin, ImmutableArray<FeatureDescriptor> features)
    {
        if (_facts.IsEmpty && Providers.IsEmpty)
        {
            return null;
        }

        var planned = ImmutableArray.CreateBuilder<PlannedFeature>();
        foreach (var match in FeatureMatcher.Match([.. features.DistinctBy(f => f.Key)], Options, plugin))
        {
            var fact = match.Fact is not null && _facts.Contains(match.Fact) ? match.Fact : null;
            var providers = ProvidersOf(plugin, match.Feature);
            if (fact is not null || !providers.IsEmpty)
            {
                var by = fact is null ? "" : FactTable.Find(fact)?.By ?? fact;
                planned.Add(new PlannedFeature(match.Feature, fact, fact is null ? null : new FeatureForm(match, Options.SendUnseenValues), by, providers));
            }
        }

        return planned.Count == 0 ? null : new FeaturePlan(planned.ToImmutable());
    }

    /// <summary>Lets the detectors look for what is wanted.</summary>
    /// <param name="finding">The request.</param>
    public void Detect(FactFinding finding)
    {
        foreach (var detector in _detectors)
        {
            if (!finding.WantsAny(detector.Facts))
            {
                continue;
            }

            try
            {
                detector.Detect(finding);
            }
            catch (Exception error)
            {
                LogOnce($"{detector.GetType()} {error.GetType()}", () => LogDetector(_logger, error, detector.GetType().Name));
            }
        }
    }

    /// <summary>Tells once of a value that a provider gave in a wrong type.</summary>
    public void NoteWrongType(ProviderCalls provider, FeatureDescriptor feature)
        => LogOnce($"{provider.Name} type {feature.Key}", () => LogWrongType(_logger, provider.Name, feature.Key, feature.NativeType.ToString().ToLowerInvariant()));

    /// <summary>Counts that a provider supplied nothing for a request, and tells it once for each cause.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="wasAsked">Whether it was: one with too many calls that do not end is not.</param>
    /// <param name="error">What it threw; null where it did not.</param>
    public void NoteFailure(string plugin, ProviderCalls provider, bool wasAsked, Exception? error)
    {
        var isLate = error is null or OperationCanceledException;
        _count?.Invoke(plugin, !wasAsked ? "not_asked" : isLate ? "late" : "failed");
        NoteFailure(provider, isLate ? null : error, isLate ? "was late" : "failed");
    }

    private void NoteFailure(ProviderCalls provider, Exception? error, string cause)
        => LogOnce($"{provider.Name} {cause} {error?.GetType()}", () => LogProvider(_logger, error, provider.Name, cause));

    private ImmutableArray<int> ProvidersOf(string plugin, FeatureDescriptor feature)
    {
        var found = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < Providers.Length; i++)
        {
            try
            {
                if (Providers[i].Provider.Provides(plugin, feature))
                {
                    found.Add(i);
                }
            }
            catch (Exception error)
            {
                NoteFailure(Providers[i], error, "could not say what it provides");
            }
        }

        return found.ToImmutable();
    }

    private void LogOnce(string cause, Action log)
    {
        if (!_logged.ContainsKey(cause) && _logged.Count < MostCauses && _logged.TryAdd(cause, 0))
        {
            log();
        }
    }

    [LoggerMessage(1300, LogLevel.Warning, "The feature provider '{provider}' {cause}: requests go on as FeatureOptions.WhenProviderIsLate says. This is told once for each cause.")]
    private static partial void LogProvider(ILogger logger, Exception? error, string provider, string cause);

    [LoggerMessage(1301, LogLevel.Warning, "The feature provider '{provider}' gave a value for '{feature}' that is no {type}; it is not sent. This is told once for each feature.")]
    private static partial void LogWrongType(ILogger logger, string provider, string feature, string type);

    [LoggerMessage(1302, LogLevel.Warning, "The feature detector '{detector}' failed; what it would have found is left out. This is told once for each kind of exception.")]
    private static partial void LogDetector(ILogger logger, Exception error, string detector);
}
