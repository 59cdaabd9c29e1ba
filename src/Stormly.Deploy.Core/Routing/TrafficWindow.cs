using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Routing;

/// <summary>What the requests of one side of a canary show, from the moment its share is routed. Written by requests, read by the control plane.</summary>
internal sealed class TrafficWindow
{
    private readonly LatencyHistogram _latency = new();
    private long _good;
    private long _failures;

    public void Add(bool good, TimeSpan took)
    {
        if (good)
        {
            Interlocked.Increment(ref _good);
            _latency.Add(took);
        }
        else
        {
            Interlocked.Increment(ref _failures);
        }
    }

    public TrafficFigures Read(double percentile)
    {
        var failures = Interlocked.Read(ref _failures);
        return new TrafficFigures(Interlocked.Read(ref _good) + failures, failures, _latency.Percentile(percentile));
    }
}
