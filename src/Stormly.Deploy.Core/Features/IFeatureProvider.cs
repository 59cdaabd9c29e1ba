using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Features;

/// <summary>
/// Supplies values of features that a caller left out, from what the host application knows: a profile, an order history, a feature store. Register an
/// implementation as a singleton: <c>services.AddSingleton&lt;IFeatureProvider, Mine&gt;()</c>. Of several, all are asked at the same time, and the last registered one that
/// knows a value is believed. All members may be called at the same time from any thread.
/// </summary>
public interface IFeatureProvider
{
    /// <summary>
    /// Whether it may supply a feature. Asked when a revision is made ready, not with every request: what is supplied is no longer required from callers.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="feature">The feature.</param>
    /// <returns>Whether it may.</returns>
    bool Provides(string plugin, FeatureDescriptor feature);

    /// <summary>
    /// Supplies what it knows of a request, in one call for all features that are missing in it. It must not block, and has <see cref="FeatureOptions.ProviderTimeout"/>;
    /// when it is late or throws, the request goes on without it or fails (<see cref="FeatureOptions.WhenProviderIsLate"/>).
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Its time is up, or the caller went away.</param>
    /// <returns>
    /// Values by the keys of features. What it does not know it leaves out. A value of another type than the feature's native one is dropped and logged; a key that was not
    /// asked for is ignored.
    /// </returns>
    ValueTask<IReadOnlyDictionary<string, FeatureValue>> ProvideAsync(FeatureRequest request, CancellationToken cancellationToken);
}
