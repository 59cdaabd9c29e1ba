using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Documents;

/// <summary>How all documents write JSON: letters of every language as they are, what a browser could take for HTML and what cannot be seen as escapes.</summary>
internal static class DocumentJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = VisibleJson.Encoder };

    public static void Write(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }

    /// <summary>A value byte for byte, or null.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, string name, RawJson? value)
    {
        json.WritePropertyName(name);
        if (value is { } raw)
        {
            json.WriteRawValue(raw.Utf8.Span);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>Values byte for byte.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, string name, ImmutableArray<RawJson> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteRawValue(value.Utf8.Span);
        }

        json.WriteEndArray();
    }

    /// <summary>An object with a single member.</summary>
    public static void WriteOne(this Utf8JsonWriter json, string name, string member, string value)
    {
        json.WriteStartObject(name);
        json.WriteString(member, value);
        json.WriteEndObject();
    }

    /// <summary>An array of objects.</summary>
    public static void WriteObjects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
