using System.Text.Json;

namespace Stormly.Deploy.Stages;

/// <summary>The keys of the <c>http</c> object that mean something.</summary>
internal static class HttpKeys
{
    public const string Port = "port";
    public const string StatusPath = "statusPath";
    public const string RequestPath = "requestPath";
    public const string StartServerCmd = "startServerCmd";
    public const string Options = "options";
    public const string Explain = "explain";

    /// <summary>Every known key.</summary>
    public static readonly string[] All = [Port, StatusPath, RequestPath, StartServerCmd, Options, Explain];

    /// <summary>The keys without which nothing can be deployed, each with what to write.</summary>
    public static readonly (string Key, string Example)[] Required =
    [
        (Port, "\"port\": 5000"),
        (StatusPath, "\"statusPath\": \"/status_check\""),
        (RequestPath, "\"requestPath\": \"/predict\""),
        (StartServerCmd, "\"startServerCmd\": \"flask run -h 0.0.0.0 -p 5000\""),
    ];

    /// <summary>The key that the reader stands on, without making a string for a known one.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        foreach (var key in All)
        {
            if (reader.ValueTextEquals(key))
            {
                return key;
            }
        }

        return reader.GetString()!;
    }
}
