using Stormly.Deploy.Manifests;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>Asks a manifest's source again before an instance starts, because download addresses expire (contract §3).</summary>
internal static class ManifestRefresh
{
    /// <summary>Gets the manifest that an instance should read.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="cancellationToken">Gives up; the source is then no longer waited for.</param>
    /// <returns>The newer manifest, or the stored one together with the reason.</returns>
    public static async Task<(PluginManifest Manifest, string? Problem)> GetAsync(RunnableRevision revision, CancellationToken cancellationToken)
    {
        var stored = revision.Stored.Manifest;
        if (revision.ManifestSource is not { } source)
        {
            return (stored, null);
        }

        try
        {
            var text = await source(cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            var reading = PluginManifest.Read("manifest", text.ToArray());
            if (reading.Manifest is not { } newer)
            {
                return (stored, $"what its source answered is no manifest: {string.Join(" ", reading.Problems)}");
            }

            return ManifestDigest.Of(newer).AsSpan().SequenceEqual(ManifestDigest.Of(stored))
                ? (newer, null)
                : (stored, "its source answered one that differs in more than downloadUrls; deploy the plugin again to use it");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return (stored, $"its source failed: {error.Message}");
        }
    }
}
