using System.Globalization;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process;

namespace Stormly.Deploy.ProcessHostProgram;

/// <summary>Starts and stops again and again, and prints what this process holds before and after: <c>descriptors BEFORE AFTER children BEFORE AFTER</c>.</summary>
internal static class Cycles
{
    private const int WarmUp = 10;

    public static async Task RunAsync(ProcessInstanceHost host, Func<InstanceSpec> spec, int count)
    {
        await RunAsync(host, spec, 0, WarmUp);
        var (descriptors, children) = (Descriptors(), Children());
        await RunAsync(host, spec, 0, count);
        // Counted before anything is printed: the first print opens a descriptor of its own.
        var after = Descriptors();
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"descriptors {descriptors.Count} {after.Count} children {children} {Children()}"));
        await Console.Out.WriteLineAsync($"before: {string.Join(' ', descriptors.Order())}\nafter: {string.Join(' ', after.Order())}");
    }

    private static async Task RunAsync(ProcessInstanceHost host, Func<InstanceSpec> spec, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var instance = await host.StartAsync(spec(), CancellationToken.None);
            await instance.StopAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            await instance.DisposeAsync();
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Pipes, sockets, files: all but the assemblies, which the runtime loads when they are first needed and keeps open.</summary>
    private static List<string> Descriptors()
        => [.. Directory.GetFileSystemEntries("/proc/self/fd")
            .Select(f => new FileInfo(f).LinkTarget ?? "")
            .Where(target => !target.EndsWith(".dll", StringComparison.Ordinal) && !target.EndsWith(".so", StringComparison.Ordinal) && target.Length > 0)
            .Select(target => target.Split('[')[0])];

    /// <summary>Children of every state, zombies included.</summary>
    private static int Children()
        => Directory.GetDirectories("/proc/self/task").Sum(t => File.ReadAllText(Path.Combine(t, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
}
