using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Goals;

/// <summary>
/// Storms over the real loops, one for each seed: no promise is broken. SIM_FROM names the first seed. One thread does everything, so a seed tells the same story each
/// time; the fingerprint of all stories shows it.
/// </summary>
internal static class Loops
{
    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        OneThread.Begin();
        return await StormAsync(count, cancellationToken);
    }

    /// <summary>The same with as many threads as there are: what only happens at once shows here, and no story is told twice.</summary>
    public static async Task<bool> StormAsync(int count, CancellationToken cancellationToken)
    {
        var from = ulong.TryParse(Environment.GetEnvironmentVariable("SIM_FROM"), out var first) ? first : 1;
        var watch = Stopwatch.StartNew();
        var (done, requests, starts) = (0, 0, 0);
        using var stories = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var failures = await LoopCampaign.RunAsync(
            from,
            count,
            result =>
            {
                (done, requests, starts) = (done + 1, requests + result.Requests, starts + result.Starts);
                stories.AppendData(Encoding.UTF8.GetBytes(result.ToString()));
                if (result.Failure is not null || count == 1)
                {
                    Console.WriteLine(result);
                }
            },
            cancellationToken);
        Console.WriteLine($"{done} storms from seed {from}: {failures.Length} failed; {starts} starts, {requests} requests; {watch.Elapsed.TotalSeconds:0.0} s, {done / watch.Elapsed.TotalSeconds:0.0} storms/s");
        if (OneThread.IsOnly)
        {
            Console.WriteLine($"fingerprint {Convert.ToHexStringLower(stories.GetCurrentHash())[..16]}");
        }

        return failures.IsEmpty;
    }
}
