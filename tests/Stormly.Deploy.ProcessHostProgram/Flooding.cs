using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process;

namespace Stormly.Deploy.ProcessHostProgram;

/// <summary>Runs a plugin that prints a lot, and prints by how many kilobytes this process grew meanwhile: <c>grew MANAGED RESIDENT exit CODE</c>.</summary>
internal static class Flooding
{
    public static async Task RunAsync(ProcessInstanceHost host, InstanceSpec warmUp, InstanceSpec flood)
    {
        // What is loaded and compiled at the first use is no growth.
        await (await host.StartAsync(warmUp, CancellationToken.None)).Exited;
        var (managed, resident) = (Managed(), Resident());
        var most = resident;
        var instance = await host.StartAsync(flood, CancellationToken.None);
        while (!instance.Exited.IsCompleted)
        {
            await Task.Delay(20);
            most = Math.Max(most, Resident());
        }

        var exit = await instance.Exited;
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"grew {Managed() - managed} {most - resident} exit {exit.ExitCode}"));
    }

    private static long Managed() => GC.GetTotalMemory(forceFullCollection: true) / 1024;

    /// <summary>The working set, in kilobytes.</summary>
    private static long Resident()
        => long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
