using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Stages;

/// <summary>Makes the typed spec from merged keys that passed every rule.</summary>
internal static class HttpSpecBuilder
{
    public static HttpSpec Build(MergedKeys keys, ImmutableArray<HttpValue> values) => new()
    {
        Port = Token(keys, HttpKeys.Port).GetInt32(),
        StatusPath = Token(keys, HttpKeys.StatusPath).GetString()!,
        RequestPath = Token(keys, HttpKeys.RequestPath).GetString()!,
        StartServerCmd = Token(keys, HttpKeys.StartServerCmd).GetString()!,
        Options = keys.Find(HttpKeys.Options)?.Value,
        Explain = keys.Find(HttpKeys.Explain)?.Value,
        Values = values,
    };

    private static Utf8JsonReader Token(MergedKeys keys, string key) => RawToken.Of(keys.Find(key)!.Value!.Value);
}
