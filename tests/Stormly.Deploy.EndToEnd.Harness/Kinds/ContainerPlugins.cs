using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Docker;
using Stormly.Deploy.EndToEnd.Harness.Ledger;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd.Harness.Kinds;

internal sealed class ContainerPlugins : PluginKind
{
    private int _kills;

    /// <summary>A container shares no folder with others.</summary>
    public override bool KeepsBooks => false;

    public override string Image => PluginContainers.Image;

    public override void Use(IPluginDeploymentBuilder builder)
        => builder.UseDocker(o => (o.Image, o.Pull, o.MemoryBytes) = (PluginContainers.Image, DockerPullPolicy.Never, 128 << 20));

    public override void WriteGood(string folder, string model, string? ledger) => PythonServer.Write(folder, $"exec python3 -S -B server.py {model}");

    public override void WriteBad(string folder, BadPlugin bad) => PythonServer.Write(folder, $"echo '{bad.LastWords}' >&2; " + bad.Failure switch
    {
        BadPlugin.Failures.Hangs => "exec python3 -S -B server.py 0 hang",
        BadPlugin.Failures.Answers500 => "exec python3 -S -B server.py 0 500",
        BadPlugin.Failures.NeverListens => "exec sleep 1000",
        _ => "exit 7",
    });

    /// <summary>As a person does it, in turn: <c>docker kill</c>, <c>docker rm -f</c>.</summary>
    public override Task KillAsync(RequestLedger ledger, string stateFolder, InstanceId instance) => ledger.KillAsync([], async () =>
    {
        foreach (var container in (await PluginContainers.DockerAsync("ps", "-q", "--filter", $"label=stormly.deploy.instance={instance}")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await TryAsync(_kills++ % 2 == 0 ? ["kill", container] : ["rm", "-f", container]);
        }
    });

    public override async Task<IReadOnlyList<string>> LivingAsync(string stateFolder, InstanceId? instance = null) => await PluginContainers.OfAsync(stateFolder, instance);

    public override async Task<IReadOnlyList<int>> PortsAsync(string stateFolder) => await PluginContainers.PortsAsync(stateFolder);

    public override async Task ClearAsync(string stateFolder)
    {
        foreach (var container in await PluginContainers.OfAsync(stateFolder))
        {
            await TryAsync("rm", "-f", container);
        }
    }

    private static async Task TryAsync(params string[] words)
    {
        try
        {
            await PluginContainers.DockerAsync(words);
        }
        catch (InvalidOperationException error) when (new[] { "is not running", "No such container", "already in progress" }.Any(w => error.Message.Contains(w, StringComparison.Ordinal)))
        {
            // It was stopped or removed in this very moment, because another revision took its place.
        }
    }
}
