using System.Buffers;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Model;

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
        CheckEndUser(options.EndUser, problems);
        CheckExplain(options, problems);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(PluginEndpointOptions), problems);
        }
    }

    private static void CheckEndUser(EndUserOptions options, List<string> problems)
    {
        const string Path = nameof(PluginEndpointOptions.EndUser) + ":";
        CheckNetworks(Path + nameof(options.TrustedProxies), options.TrustedProxies, problems);
        CheckNetworks(Path + nameof(options.TrustedCallers), options.TrustedCallers, problems);
        CheckName(Path + nameof(options.AddressHeader), options.AddressHeader is { Length: > 0 } ? options.AddressHeader : " ", problems);
        for (var i = 0; i < options.CallerKeys.Count; i++)
        {
            // What was written there is a secret, and stands in no message.
            if (options.CallerKeys[i] is not { Length: >= 16 and <= 512 } key || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                problems.Add($"{Path}{nameof(options.CallerKeys)}:{i} must have 16 to 512 characters of visible ASCII, was: {options.CallerKeys[i]?.Length ?? 0} characters");
            }
        }
    }

    private static void CheckNetworks(string path, IList<string> networks, List<string> problems)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i] is null || AddressNetworks.Parse(networks[i]) is null)
            {
                problems.Add($"{path}:{i} must be an address or a network whose bits behind the prefix are 0, was: '{networks[i]}'");
            }
        }
    }

    private static void CheckName(string path, string? name, List<string> problems)
    {
        if (name is { Length: > 0 } && name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            problems.Add($"{path} must be a name of letters, digits and !#$%&'*+-.^_`|~, was: '{name}'");
        }
    }

    private static void CheckExplain(PluginEndpointOptions options, List<string> problems)
    {
        // A name that no plugin can have would hide nothing.
        foreach (var name in options.UnexplainedPlugins.Where(n => !PluginName.TryParse(n, out _, out _)).Order(StringComparer.Ordinal))
        {
            problems.Add($"{nameof(options.UnexplainedPlugins)} must hold names of plugins, was: '{PrintableText.Escape(name, maxLength: 100)}'");
        }

        if (!Enum.IsDefined(options.Explain))
        {
            problems.Add($"{nameof(options.Explain)} must be one of {string.Join(", ", Enum.GetNames<ExplainAccess>())}, was: {options.Explain}");
        }

        if (options is { Explain: ExplainAccess.Anyone, ExplainPolicy.Length: > 0 })
        {
            problems.Add($"{nameof(options.ExplainPolicy)} must not be there where {nameof(options.Explain)} is {nameof(ExplainAccess.Anyone)}, was: '{options.ExplainPolicy}'");
        }
    }
}
