using System.Buffers;
using Microsoft.Extensions.Options;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Checks <see cref="PluginEndpointOptions"/> when endpoints are mapped.</summary>
internal static class PluginEndpointOptionsValidator
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Greatest = TimeSpan.FromHours(1);

    /// <summary>Refuses options that cannot work.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="OptionsValidationException">Something is out of its range.</exception>
    public static void Check(PluginEndpointOptions options)
    {
        var problems = new List<string>();
        if (options.BodyTimeout < Least || options.BodyTimeout > Greatest)
        {
            problems.Add($"{nameof(options.BodyTimeout)} must be from {Least:c} to {Greatest:c}, was: {options.BodyTimeout:c}");
        }

        CheckName(nameof(options.CanaryKeyHeader), options.CanaryKeyHeader, problems);
        CheckName(nameof(options.CanaryKeyCookie), options.CanaryKeyCookie, problems);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(PluginEndpointOptions), problems);
        }
    }

    private static void CheckName(string path, string? name, List<string> problems)
    {
        if (name is { Length: > 0 } && name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            problems.Add($"{path} must be a name of letters, digits and !#$%&'*+-.^_`|~, was: '{name}'");
        }
    }
}
