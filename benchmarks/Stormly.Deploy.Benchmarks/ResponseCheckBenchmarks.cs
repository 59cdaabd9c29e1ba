using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Benchmarks;

/// <summary>
/// The check of a plugin's answer, beside the framework's document with the same rule about names that stand twice. The document finds neither broken UTF-8 nor half
/// surrogate pairs, which the check does.
/// </summary>
[MemoryDiagnoser]
public class ResponseCheckBenchmarks
{
    private byte[] _body = [];

    [Params("small", "large")]
    public string Body { get; set; } = "small";

    [GlobalSetup]
    public void Setup() => _body = Body == "small" ? Samples.ResponseBody : Samples.LargeResponseBody;

    [Benchmark(Baseline = true, Description = "JsonDocument.Parse")]
    public bool Draft()
    {
        using var document = JsonDocument.Parse(_body, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
    }

    [Benchmark(Description = "ResponseCheck")]
    public bool Check() => ResponseCheck.Check(_body, Samples.MaxDepth).IsOk;
}
