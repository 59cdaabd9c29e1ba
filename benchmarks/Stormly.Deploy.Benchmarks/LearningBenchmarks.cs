using System.Net;
using BenchmarkDotNet.Attributes;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy.Benchmarks;

/// <summary>
/// What learning from a request costs beside checking it: a request that is looked at, with 23 features, and one that is turned away because
/// enough were looked at in this second.
/// </summary>
[MemoryDiagnoser]
public class LearningBenchmarks : IDisposable
{
    private static readonly IPAddress Caller = IPAddress.Parse("192.0.2.1");

    private readonly RequestContract _contract = Samples.Contract(fill: false);
    private readonly PooledBufferWriter _output = new(4096);
    private readonly PluginTallies _all = Make(int.MaxValue);
    private readonly PluginTallies _few = Make(1);

    [Benchmark(Baseline = true, Description = "check alone")]
    public bool Check()
    {
        _output.Clear();
        return _contract.WriteRequestBody(Samples.RequestBody, _output, Samples.Now).IsOk;
    }

    [Benchmark(Description = "looked at")]
    public long LookedAt()
    {
        return Learn(_all);
    }

    [Benchmark(Description = "turned away")]
    public long TurnedAway()
    {
        return Learn(_few);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _output.Dispose();
        GC.SuppressFinalize(this);
    }

    private static long Learn(PluginTallies tallies)
    {
        if (tallies.Wants())
        {
            tallies.Count(Samples.RequestBody, Caller);
        }

        return tallies.Version;
    }

    private static PluginTallies Make(int perSecond)
    {
        var tallies = new PluginTallies(PluginName.Parse("churn"), new StatisticsOptions { SamplesPerSecond = perSecond }, TimeProvider.System, 1);
        tallies.Declare(Samples.Features);
        return tallies;
    }
}
