using System.Globalization;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Requests;

/// <summary>Whether a plugin's answer may be passed on. The default value says yes.</summary>
/// <param name="Reason">What is wrong with it, in words, with the place; null where it is good.</param>
/// <param name="Offset">Where, in bytes from 0.</param>
/// <param name="Place">Where, for people.</param>
internal readonly record struct ResponseVerdict(string? Reason, int Offset, JsonPlace Place)
{
    public bool IsOk => Reason is null;

    /// <summary>Refuses an answer.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="body">The answer.</param>
    /// <param name="maxDepth">The bound that was set.</param>
    /// <returns>The verdict.</returns>
    public static ResponseVerdict Refused(JsonFault fault, ReadOnlySpan<byte> body, int maxDepth)
    {
        var place = JsonPlace.Find(body, fault, maxDepth);
        var pointer = place.Pointer.Length == 0 ? "" : $", at {place.Pointer}";
        var what = JsonFaultText.Describe(fault, body, maxDepth);
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"not a JSON object or array: {what} (line {place.Line}, column {place.Column}{pointer})");
        return new ResponseVerdict(reason, fault.Offset, place);
    }
}
