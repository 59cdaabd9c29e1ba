namespace Stormly.Deploy;

/// <summary>Sends requests to plugins. All members may be called at the same time from any thread.</summary>
public interface IPluginClient
{
    /// <summary>
    /// Checks and completes a request, hands it to an instance of the plugin, and checks the answer. Everything that can go wrong comes back as a value.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="body">The caller's body, <c>{"props": {...}}</c> in UTF-8; must stay unchanged until the answer is there.</param>
    /// <param name="context">What is known of the request beside its body; null for nothing.</param>
    /// <param name="cancellationToken">The caller gave up: the instance is free again at once, and the answer is <see cref="PluginOutcome.Cancelled"/>.</param>
    /// <returns>The response; dispose it.</returns>
    ValueTask<PluginResponse> SendAsync(
        string plugin, ReadOnlyMemory<byte> body, PluginCallContext? context = null, CancellationToken cancellationToken = default);
}
