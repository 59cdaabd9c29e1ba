using System.Diagnostics;
using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Goals;

/// <summary>Storms over the real loops, one for each seed: no promise is broken. SIM_FROM names the first seed.</summary>
internal static class Loops
{
    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        var from = ulong.TryParse(Environment.GetEnvironmentVariable("SIM_FROM"), out var first) ? first : 1;
        var watch = Stopwatch.StartNew();
        var (done, requests, starts) = (0, 0, 0);
        var failures = await LoopCampaign.RunAsync(
            from,
            count,
            result =>
            {
                (done, requests, starts) = (done + 1, requests + result.Requests, starts + result.Starts);
                if (result.Failure is not null || count == 1)
                {
                    Console.WriteLine(result);
                }
            },
            cancellationToken);
        Console.WriteLine($"{done} storms from seed {from}: {failures.Length} failed; {starts} starts, {requests} requests; {watch.Elapsed.TotalSeconds:0.0} s, {done / watch.Elapsed.TotalSeconds:0.0} storms/s");
        return failures.IsEmpty;
    }
}
