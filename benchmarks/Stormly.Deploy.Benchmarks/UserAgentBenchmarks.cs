using BenchmarkDotNet.Attributes;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.Benchmarks;

/// <summary>An ordinary user agent, beside hostile ones of 1 MiB: those cost what the longest costs that is read in full, whatever their length.</summary>
[MemoryDiagnoser]
public class UserAgentBenchmarks
{
    private const string Ordinary = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";

    private string _text = "";

    [Params("CPU/OS/ 1", "a ", "A", "Windows NT ")]
    public string Seed { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _text = HostileUserAgents.Make(Seed, 1024 * 1024);

    [Benchmark(Baseline = true, Description = "Chrome on Windows")]
    public int Browser() => UserAgentParser.Parse(Ordinary).Browser!.Length;

    [Benchmark(Description = "hostile, at the bound")]
    public bool AtTheBound() => UserAgentParser.Parse(_text.AsSpan(0, UserAgentParser.Longest)).Browser is null;

    [Benchmark(Description = "hostile, 1 MiB")]
    public bool Mebibyte() => UserAgentParser.Parse(_text).Browser is null;
}
