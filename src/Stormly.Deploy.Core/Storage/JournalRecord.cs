using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>The payload of a journal's record. The first of a file names the journal's version and the plugin; every other one is a change. All are numbered.</summary>
/// <param name="Number">Counts up within a file from 0.</param>
internal sealed record JournalRecord(long Number)
{
    public const int Version = 1;

    /// <summary>The journal's version; null but for the first record.</summary>
    public int? Journal { get; init; }

    /// <summary>Whose journal it is; null but for the first record.</summary>
    public string? Plugin { get; init; }

    public ReadOnlyMemory<byte> Document { get; init; }

    public ImmutableArray<DecisionRecord> Decisions { get; init; } = [];

    public static JournalRecord First(PluginName plugin) => new(0) { Journal = Version, Plugin = plugin.Value };

    public static JournalRecord Of(long number, StoreChange change) => new(number) { Document = change.Document, Decisions = change.Decisions };

    public byte[] ToFrame()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteNumber("n", Number);
            if (Journal is { } version)
            {
                writer.WriteNumber("journal", version);
                writer.WriteString("plugin", Plugin);
            }

            if (!Document.IsEmpty)
            {
                writer.WritePropertyName("state");
                writer.WriteRawValue(Document.Span);
            }

            if (!Decisions.IsEmpty)
            {
                writer.WriteStartArray("decisions");
                foreach (var decision in Decisions)
                {
                    JsonSerializer.Serialize(writer, StoredDecision.Of(decision), JournalJson.Default.StoredDecision);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return JournalFrame.Write(text.WrittenSpan);
    }

    /// <summary>Reads a payload whose checksum is right.</summary>
    /// <param name="payload">The text.</param>
    /// <param name="plugin">Whose decisions they are.</param>
    /// <returns>The record.</returns>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static JournalRecord Read(ReadOnlyMemory<byte> payload, PluginName plugin)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            return new JournalRecord(root.GetProperty("n").GetInt64())
            {
                Journal = root.TryGetProperty("journal", out var version) ? version.GetInt32() : null,
                Plugin = root.TryGetProperty("plugin", out var name) ? name.GetString() : null,
                Document = root.TryGetProperty("state", out var state) ? JsonUtf8(state) : default(ReadOnlyMemory<byte>),
                Decisions = root.TryGetProperty("decisions", out var all) ? [.. all.EnumerateArray().Select(d => Read(d, plugin)).OfType<DecisionRecord>()] : [],
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"is not understood: {error.Message}", error);
        }
    }

    /// <summary>Every character of the text stays as it was written.</summary>
    private static byte[] JsonUtf8(JsonElement element) => System.Text.Encoding.UTF8.GetBytes(element.GetRawText());

    private static DecisionRecord? Read(JsonElement decision, PluginName plugin) => decision.Deserialize(JournalJson.Default.StoredDecision)?.ToRecord(plugin);
}
