using System.Diagnostics;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Goals;

/// <summary>
/// A burst from zero: all requests at once while no instance lives, with a plugin that takes two seconds to start. All are answered, no more instances are
/// ordered than the load needs after the start-up (within one), and the first answer comes when the plugin itself could give it.
/// </summary>
internal static class Burst
{
    private const int AnswerTakes = 50;
    private const int StartTakes = 2000;

    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var plugin = folder.Sub("plugin");
        var command = DummyPlugin.Command($"serve --port 5000 --delay {AnswerTakes} --start-delay {StartTakes}");
        PluginFiles.Write(plugin, command);
        await using var host = await HostApplication.StartAsync(folder.Sub("state"), cancellationToken, o =>
        {
            o.Routing.QueueLength = count;
            (o.Scaling.StableWindow, o.Scaling.ScaleDownDelay, o.Scaling.ScaleToZeroGrace) = (TimeSpan.FromSeconds(6), TimeSpan.Zero, TimeSpan.Zero);
        });
        await host.DeployAsync("dummy", plugin, instances: 1, cancellationToken);
        await host.PredictAsync("dummy", Body, cancellationToken);
        await host.Deployments.ScaleAsync("dummy", new ScaleRange(0, 50), cancellationToken);
        await host.UntilAsync("dummy", d => d is { WantedInstances: 0, Instances.Length: 0 }, cancellationToken);
        var own = await OwnStart.MeasureAsync(command.Replace("5000", "{0}", StringComparison.Ordinal), 5, cancellationToken);

        var most = 0;
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = Task.Run(async () => await WatchAsync(host, n => most = Math.Max(most, n), watching.Token), cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var first = TimeSpan.MaxValue;
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var answer = await host.PostAsync("dummy", Body, cancellationToken);
            var took = Stopwatch.GetElapsedTime(began);
            lock (own)
            {
                first = took < first ? took : first;
            }

            return answer;
        }));
        var all = Stopwatch.GetElapsedTime(began);
        await watching.CancelAsync();
        await watch;

        // One burst and nothing after it: over the short window of 6 s it is count ÷ 6 each second, as long as an answer takes, four at a time.
        var needed = Math.Max(1, (int)Math.Ceiling(count / 6.0 * AnswerTakes / 1000 / 4));
        var failed = answers.Count(a => a.Code != System.Net.HttpStatusCode.OK);
        Console.WriteLine($"{count} requests at once from zero: {count - failed} answered, {failed} failed, all within {all.TotalSeconds:0.0} s");
        Console.WriteLine($"instances ordered: {most}; needed after the start-up: {needed}; counting the queue as load would ask for {Math.Min(50, (count + 3) / 4)}");
        Console.WriteLine($"first answer after {first.TotalMilliseconds:0} ms, {first.TotalMilliseconds / own.Percentile(0.5):0.00} times {own}");
        return failed == 0 && most <= needed + 1;
    }

    private const string Body = """{"props": {}}""";

    private static async Task WatchAsync(HostApplication host, Action<int> see, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var snapshot in host.Deployments.WatchAsync("dummy", cancellationToken))
            {
                see(snapshot.WantedInstances);
            }
        }
        catch (OperationCanceledException)
        {
            // The burst is over.
        }
    }
}
