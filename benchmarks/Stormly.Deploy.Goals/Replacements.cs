using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Goals;

/// <summary>New revisions come in without a pause until enough requests were answered.</summary>
internal static class Replacements
{
    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var plugin = folder.Sub("plugin");
        await using var host = await HostApplication.StartAsync(folder.Sub("state"), cancellationToken);
        var revisions = 1;
        await DeployAsync();
        await using var clients = new Clients(8, token => host.PostAsync("dummy", """{"props": {}}""", token));
        while (clients.Answered < count)
        {
            revisions++;
            await DeployAsync();
        }

        await clients.StopAsync();
        Console.WriteLine($"{revisions} revisions of 2 instances; {clients.Answered} requests answered, {clients.Failures.Count} failed {clients.Failures.FirstOrDefault()}");
        return clients.Failures.Count == 0;

        async Task DeployAsync()
        {
            PluginFiles.Write(plugin, DummyPlugin.Command("serve --port 5000"), options: $"revision {revisions}");
            await host.DeployAsync("dummy", plugin, instances: 2, cancellationToken);
        }
    }
}
