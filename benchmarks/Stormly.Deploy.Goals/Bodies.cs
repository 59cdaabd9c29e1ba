using System.Diagnostics;
using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Goals;

/// <summary>Random and hostile bodies, each judged by an oracle of its own: every one gets the right answer, and memory does not grow with their number. SIM_SEED names the first seed.</summary>
internal static class Bodies
{
    private const int Slice = 10_000;
    private const long MaxGrowthBytes = 16 * 1024 * 1024;

    public static Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("SIM_SEED"), out var given) ? given : 1;
        var watch = Stopwatch.StartNew();
        var right = new Dictionary<BodyAnswerKind, int>();
        BodyCampaign.Run(seed, 1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (failed, most) = (0, 0L);
        for (var done = 0; done < count && !cancellationToken.IsCancellationRequested; done += Slice)
        {
            var part = BodyCampaign.Run(seed++, Math.Min(Slice, count - done));
            foreach (var (kind, number) in part.Right)
            {
                right[kind] = right.GetValueOrDefault(kind) + number;
            }

            foreach (var wrong in part.Wrong)
            {
                failed++;
                Console.WriteLine(wrong);
            }

            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Console.WriteLine($"{right.Values.Sum()} right ({string.Join(", ", right.Select(r => $"{r.Value} {r.Key}"))}), {failed} wrong, {watch.Elapsed.TotalSeconds:0.0} s; memory grew by at most {most / 1024} kiB");
        return Task.FromResult(failed == 0 && right.Values.Sum() >= count && most < MaxGrowthBytes);
    }
}
