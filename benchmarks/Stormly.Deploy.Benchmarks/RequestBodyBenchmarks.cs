using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Benchmarks;

/// <summary>The caller's body checked and turned into the plugin's, beside what a first draft with a document model does.</summary>
[MemoryDiagnoser]
public class RequestBodyBenchmarks
{
    private readonly RequestContract _contract = Samples.Contract(fill: false);
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    [Benchmark(Baseline = true, Description = "draft: JsonNode")]
    public int Draft()
    {
        if (JsonNode.Parse(Samples.RequestBody) is not JsonObject body || body["props"] is not JsonObject props || !props.ContainsKey("user_created"))
        {
            return -1;
        }

        foreach (var feature in Samples.Features)
        {
            if (!props.TryGetPropertyValue(feature.Key, out var value) || !IsAllowed(feature.NativeType, value!.GetValueKind()))
            {
                return -1;
            }
        }

        props["now"] = Samples.Now.ToUnixTimeSeconds();
        return Encoding.UTF8.GetBytes(body.ToJsonString()).Length;
    }

    [Benchmark(Description = "WriteRequestBody")]
    public int WriteRequestBody()
    {
        _output.ResetWrittenCount();
        return _contract.WriteRequestBody(Samples.RequestBody, _output, Samples.Now).IsOk ? _output.WrittenCount : -1;
    }

    private static bool IsAllowed(NativeType type, JsonValueKind kind) => type switch
    {
        NativeType.String => kind == JsonValueKind.String,
        NativeType.Boolean => kind is JsonValueKind.True or JsonValueKind.False,
        _ => kind == JsonValueKind.Number,
    };
}
