namespace Stormly.Deploy.Goals;

/// <summary>Requests spaced as the plugin's server closes idle connections: the moment at which a client that keeps connections loses POSTs.</summary>
internal static class IdleConnections
{
    private const int ClientCount = 120;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMilliseconds(100);

    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var plugin = PluginFiles.Write(folder.Sub("plugin"), $"node server.js --port 5000 --idle {IdleLimit.TotalMilliseconds}");
        PluginFiles.CopyFiles("node", plugin);
        await using var host = await HostApplication.StartAsync(folder.Sub("state"), cancellationToken);
        await host.DeployAsync("node", plugin, instances: 1, cancellationToken);
        await using var clients = new Clients(ClientCount, async token =>
        {
            // From a little before the limit to a little after it.
            await Task.Delay(IdleLimit + TimeSpan.FromMilliseconds((Random.Shared.NextDouble() * 8) - 4), token);
            return await host.PostAsync("node", """{"props": {}}""", token);
        });
        while (clients.Answered + clients.Failures.Count < count)
        {
            await Task.Delay(IdleLimit, cancellationToken);
        }

        await clients.StopAsync();
        Console.WriteLine($"{clients.Answered} requests answered, {clients.Failures.Count} failed {clients.Failures.FirstOrDefault()}");
        return clients.Failures.Count == 0;
    }
}
