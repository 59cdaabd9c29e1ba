using System.Diagnostics;
using Stormly.Deploy.EndToEnd.Harness.Kinds;

namespace Stormly.Deploy.Goals;

/// <summary>One new model after the other under load.</summary>
internal static class Models
{
    public static async Task<bool> RunAsync(PluginKind kind, int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var plugin = await ChurnSample.TrainAsync(folder.Sub("plugin"), seed: 1, cancellationToken);
        await using var host = await HostApplication.StartAsync(folder.Sub("state"), cancellationToken, use: kind.Use);
        await host.DeployAsync("churn", plugin, instances: 3, cancellationToken);
        await using var clients = new Clients(8, token => host.PostAsync("churn", ChurnSample.Body, token));
        var times = new Figures("redeployment of 3 Flask instances");
        Console.WriteLine("redeployment  seconds  answered  failed");
        for (var number = 1; number <= count; number++)
        {
            await ChurnSample.TrainAsync(plugin, number + 1, cancellationToken);
            var (answered, failed, began) = (clients.Answered, clients.Failures.Count, Stopwatch.GetTimestamp());
            await host.DeployAsync("churn", plugin, instances: 3, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(began));
            Console.WriteLine($"{number,12}  {Stopwatch.GetElapsedTime(began).TotalSeconds,7:0.00}  {clients.Answered - answered,8}  {clients.Failures.Count - failed,6}");
        }

        await clients.StopAsync();
        await host.DisposeAsync();
        var left = await kind.LivingAsync(folder.Sub("state"));
        Console.WriteLine(times);
        Console.WriteLine($"{left.Count} processes or containers left over");
        Console.WriteLine($"{clients.Answered} requests answered, {clients.Failures.Count} failed {clients.Failures.FirstOrDefault()}");
        return clients.Failures.Count == 0 && left.Count == 0;
    }
}
