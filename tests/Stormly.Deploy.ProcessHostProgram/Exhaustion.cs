using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process;

namespace Stormly.Deploy.ProcessHostProgram;

/// <summary>
/// Starts until the system refuses, prints the refusal, then shows that the others live on and that there is room again once one has ended. The plugin's
/// command prints a line once it needs nothing more: one that gets no process of its own before that is refused too.
/// </summary>
internal static class Exhaustion
{
    public static async Task RunAsync(ProcessInstanceHost host, Func<InstanceSpec> spec)
    {
        await WarmUpAsync(host, spec());
        var running = new List<IInstance>();
        try
        {
            while (running.Count < 1000)
            {
                var next = await host.StartAsync(spec(), CancellationToken.None);
                if (await FindEndAsync(next) is { } end)
                {
                    await Console.Out.WriteLineAsync($"refused: {end}");
                    await next.StopAsync(TimeSpan.Zero, CancellationToken.None);
                    break;
                }

                running.Add(next);
            }
        }
        catch (InstanceStartException e)
        {
            await Console.Out.WriteLineAsync($"refused: {e.Reason}");
        }

        await Console.Out.WriteLineAsync($"ended meanwhile: {running.Count(i => i.Exited.IsCompleted)} of {running.Count}");
        foreach (var instance in running.Take(3))
        {
            await instance.StopAsync(TimeSpan.Zero, CancellationToken.None);
        }

        var again = await host.StartAsync(spec(), CancellationToken.None);
        await Console.Out.WriteLineAsync($"started again: {!again.Exited.IsCompleted}");
        await host.DisposeAsync();
    }

    /// <summary>Waits until an instance runs; answers why it does not where it ended before.</summary>
    private static async Task<string?> FindEndAsync(IInstance instance)
    {
        while (!instance.ReadOutputTail().Contains("up", StringComparison.Ordinal))
        {
            if (instance.Exited.IsCompleted)
            {
                var exit = await instance.Exited;
                return $"{exit.Reason} {exit.OutputTail}";
            }

            await Task.Delay(5);
        }

        return null;
    }

    /// <summary>Has the runtime make its threads now: where it gets none at the moment it wants one, it ends the process.</summary>
    private static async Task WarmUpAsync(ProcessInstanceHost host, InstanceSpec spec)
    {
        Strain.TakeAllThreadsNow();
        var first = await host.StartAsync(spec, CancellationToken.None);
        await Task.Delay(1);
        await first.StopAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
    }
}
