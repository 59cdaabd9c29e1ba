using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Stormly.Deploy.AspNetCore;

/// <summary>The client hints that say something about browser, system and device.</summary>
internal static class ClientHintHeaders
{
    /// <summary>What browsers do not send by themselves.</summary>
    public const string Asked = "Sec-CH-UA-Full-Version-List, Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Form-Factors";

    private const int Longest = 512;

    private static readonly string[] Names =
    [
        "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-ch-ua-platform-version", "sec-ch-ua-full-version-list", "sec-ch-ua-model", "sec-ch-ua-form-factors",
    ];

    /// <summary>Takes the hints out of a request.</summary>
    /// <param name="headers">Its headers.</param>
    /// <returns>The hints by their names in lower case; what stands there twice or is too long is left out.</returns>
    public static ImmutableDictionary<string, string> Read(IHeaderDictionary headers)
    {
        ImmutableDictionary<string, string>.Builder? hints = null;
        foreach (var name in Names)
        {
            if (headers.TryGetValue(name, out var values) && values is [{ Length: > 0 and <= Longest } value])
            {
                (hints ??= ImmutableDictionary.CreateBuilder<string, string>()).Add(name, value);
            }
        }

        return hints?.ToImmutable() ?? ImmutableDictionary<string, string>.Empty;
    }

    /// <summary>Whether a name is one of a hint.</summary>
    /// <param name="name">In lower case.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsKnown(string name) => Names.Contains(name);
}
