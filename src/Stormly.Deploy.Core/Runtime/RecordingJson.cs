using System.Text.Json;
using System.Text.Json.Serialization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>The form of recordings: one JSON object a line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(RevisionIdConverter), typeof(InstanceIdConverter)])]
[JsonSerializable(typeof(RecordedLine))]
internal sealed partial class RecordingJson : JsonSerializerContext;

internal sealed class RevisionIdConverter : JsonConverter<RevisionId>
{
    public override RevisionId? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() is { } text ? new(text) : null;

    public override void Write(Utf8JsonWriter writer, RevisionId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Digest);
}

internal sealed class InstanceIdConverter : JsonConverter<InstanceId>
{
    public override InstanceId? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() is { } text ? new(text) : null;

    public override void Write(Utf8JsonWriter writer, InstanceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
