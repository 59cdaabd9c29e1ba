using System.Text.Json.Serialization;

namespace Stormly.Deploy.Storage;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredDecision))]
[JsonSerializable(typeof(DeploymentDocument))]
internal sealed partial class JournalJson : JsonSerializerContext;
