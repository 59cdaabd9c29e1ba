using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Benchmarks;

/// <summary>Two stage results of the contract's examples read and merged, beside a draft that merges documents: without checks, origins and exact copies.</summary>
[MemoryDiagnoser]
public class MergeBenchmarks
{
    private readonly byte[] _initial = Samples.File("results-initial.json");
    private readonly byte[] _trainMore = Samples.File("results-trainMore.json");
    private byte[] _initialWithoutNaN = [];

    [GlobalSetup]
    public void Setup()
        => _initialWithoutNaN = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_initial)
            .Replace("NaN", "null", StringComparison.Ordinal)
            .Replace("-Infinity", "null", StringComparison.Ordinal)
            .Replace("Infinity", "null", StringComparison.Ordinal));

    [Benchmark(Baseline = true, Description = "draft: JsonNode")]
    public int Draft()
    {
        var merged = new JsonObject();
        foreach (var bytes in new[] { _initialWithoutNaN, _trainMore })
        {
            foreach (var (key, value) in JsonNode.Parse(bytes)!["http"]!.AsObject())
            {
                merged[key] = value?.DeepClone();
            }
        }

        return merged.Count;
    }

    [Benchmark(Description = "Read + Merge")]
    public int ReadAndMerge()
    {
        var initial = StageResult.Read("initial", "results-initial.json", _initial);
        var trainMore = StageResult.Read("trainMore", "results-trainMore.json", _trainMore);
        return HttpSpecMerge.Merge([initial.Result!, trainMore.Result!]).Spec!.Values.Length;
    }
}
