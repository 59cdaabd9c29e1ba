using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Goals;

/// <summary>One of three instances is killed every ten seconds while clients send requests.</summary>
internal static class Duck
{
    private const int ClientCount = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var plugin = PluginFiles.Write(folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        await using var host = await HostApplication.StartAsync(folder.Sub("state"), cancellationToken);
        await host.DeployAsync("dummy", plugin, instances: 3, cancellationToken);
        await using var clients = new Clients(ClientCount, token => host.PostAsync("dummy", """{"props": {}}""", token));
        for (var number = 1; number <= count; number++)
        {
            await Task.Delay(Interval, cancellationToken);
            var victim = host.Deployments.Get("dummy")!.Instances.First(instance => instance.ReadyAt is not null);
            PluginProcesses.Kill(host.StateFolder, victim.Id);
            Console.WriteLine($"killed {victim.Id}; {clients.Answered} answered, {clients.Failures.Count} failed so far");
        }

        await Task.Delay(Interval, cancellationToken);
        await clients.StopAsync();
        var success = clients.Answered / (double)(clients.Answered + clients.Failures.Count);
        Console.WriteLine($"{count} instances killed; {clients.Answered} requests answered, {clients.Failures.Count} failed: {success:0.00000} succeeded");
        return clients.Failures.Count <= count * ClientCount && success >= 0.999;
    }
}
