using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Storage;

/// <summary>A merged spec on disk: every key with its exact text and its origin, so that what is started later is what was deployed.</summary>
internal static class SpecFile
{
    private const int MaxDepth = 256;

    public static byte[] Write(HttpSpec spec)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (var value in spec.Values)
        {
            writer.WriteStartObject();
            writer.WriteString("key", value.Key);
            writer.WriteString("stage", value.Stage);
            writer.WriteStartArray("overrode");
            foreach (var stage in value.Overrode)
            {
                writer.WriteStringValue(stage);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("value");
            writer.WriteRawValue(value.Value.Utf8.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="utf8">The file.</param>
    /// <returns>The same spec.</returns>
    /// <exception cref="FormatException">It is not such a file.</exception>
    public static HttpSpec Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var values = document.RootElement.EnumerateArray().Select(ReadValue).ToImmutableArray();
            return new HttpSpec
            {
                Port = Required(document.RootElement, "port").GetInt32(),
                StatusPath = Required(document.RootElement, "statusPath").GetString()!,
                RequestPath = Required(document.RootElement, "requestPath").GetString()!,
                StartServerCmd = Required(document.RootElement, "startServerCmd").GetString()!,
                Options = values.FirstOrDefault(v => v.Key == "options")?.Value,
                Explain = values.FirstOrDefault(v => v.Key == "explain")?.Value,
                Values = values,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException($"it is not a stored spec: {error.Message}", error);
        }
    }

    private static JsonElement Required(JsonElement root, string key)
        => root.EnumerateArray().First(e => e.GetProperty("key").ValueEquals(key)).GetProperty("value");

    private static HttpValue ReadValue(JsonElement element) => new(
        element.GetProperty("key").GetString()!,
        RawJson.FromText(element.GetProperty("value").GetRawText()),
        element.GetProperty("stage").GetString()!,
        [.. element.GetProperty("overrode").EnumerateArray().Select(e => e.GetString()!)]);
}
