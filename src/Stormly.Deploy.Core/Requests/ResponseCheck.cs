using System.Text.Json;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Requests;

/// <summary>
/// Decides whether a plugin's answer is passed on: one JSON object or array (contract §6) that every JSON reader understands the same way. Reads without building
/// anything, in time linear in the answer; never throws, whatever the bytes are.
/// </summary>
internal static class ResponseCheck
{
    /// <summary>Checks an answer.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="maxDepth">How deep it may be nested.</param>
    /// <returns>Good, or what is wrong and where.</returns>
    public static ResponseVerdict Check(ReadOnlySpan<byte> body, int maxDepth)
    {
        var json = new StrictJsonReader(body, maxDepth);
        try
        {
            Read(ref json);
            return json.Fault.Kind == JsonFaultKind.None ? default : ResponseVerdict.Refused(json.Fault, body, maxDepth);
        }
        finally
        {
            json.Dispose();
        }
    }

    private static void Read(scoped ref StrictJsonReader json)
    {
        if (json.Read() && json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            json.Stop(JsonFaultKind.Scalar, json.TokenStart);
        }

        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.IsDuplicate)
            {
                json.Stop(JsonFaultKind.DuplicateKey, json.TokenStart);
            }
        }
    }
}
