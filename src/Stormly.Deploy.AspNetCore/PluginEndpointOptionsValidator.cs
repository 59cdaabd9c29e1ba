using Microsoft.Extensions.Options;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Checks <see cref="PluginEndpointOptions"/> when endpoints are mapped.</summary>
internal static class PluginEndpointOptionsValidator
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Greatest = TimeSpan.FromHours(1);

    /// <summary>Refuses options that cannot work.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="OptionsValidationException">Something is out of its range.</exception>
    public static void Check(PluginEndpointOptions options)
    {
        if (options.BodyTimeout < Least || options.BodyTimeout > Greatest)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(PluginEndpointOptions),
                [$"{nameof(options.BodyTimeout)} must be from {Least:c} to {Greatest:c}, was: {options.BodyTimeout:c}"]);
        }
    }
}
