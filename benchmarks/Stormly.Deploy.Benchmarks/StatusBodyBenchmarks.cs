using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Benchmarks;

/// <summary>The body of a status check.</summary>
[MemoryDiagnoser]
public class StatusBodyBenchmarks
{
    private readonly RequestContract _contract = Samples.Contract(fill: false);
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    [Benchmark(Baseline = true, Description = "draft: JsonNode")]
    public int Draft()
    {
        var props = new JsonObject { ["now"] = Samples.Now.ToUnixTimeSeconds(), ["user_created"] = 1_690_000_000 };
        foreach (var feature in Samples.Features)
        {
            props[feature.Key] = JsonNode.Parse(feature.MostCommon!.Value.Utf8.Span);
        }

        return Encoding.UTF8.GetBytes(new JsonObject { ["props"] = props }.ToJsonString()).Length;
    }

    [Benchmark(Description = "WriteStatusBody")]
    public int WriteStatusBody()
    {
        _output.ResetWrittenCount();
        _contract.WriteStatusBody(_output, Samples.Now);
        return _output.WrittenCount;
    }
}
