using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stormly.Deploy.Process.Records;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(InstanceRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
