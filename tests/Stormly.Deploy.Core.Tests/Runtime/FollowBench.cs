using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>A deployment that follows its folder, and changes of that folder.</summary>
internal static class FollowBench
{
    public static void Follow(PluginDeploymentOptions options) => options.Follow.Enabled = true;

    public static async Task<DeploymentBench> FollowAsync()
    {
        var bench = new DeploymentBench();
        await StartAsync(bench);
        return bench;
    }

    public static async Task StartAsync(DeploymentBench bench, string? folder = null)
    {
        if (folder is null && !Directory.EnumerateFiles(bench.Plugin, "results*").Any())
        {
            await bench.WriteFolderAsync(1);
        }

        bench.Run(Follow, b => b.AddPlugin("churn", folder ?? bench.Plugin));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, Source: not null }, "the deployment to come up");
    }

    public static async Task ChangeAsync(DeploymentBench bench, int version)
    {
        var before = bench.Snapshot.ServingRevision;
        await bench.WriteFolderAsync(version);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot is { Phase: DeploymentPhase.Ready, Source.State: SourceState.InStep } now && now.ServingRevision != before, $"version {version}");
    }

    /// <summary>A change that leaves everything as it is, and time enough for it to be read.</summary>
    public static async Task TouchAsync(DeploymentBench bench)
    {
        File.SetLastWriteTimeUtc(Path.Combine(bench.Plugin, "server.py"), bench.Clock.GetUtcNow().UtcDateTime);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.Source!.State != SourceState.Changing, "the reading");
        await bench.PassAsync(TimeSpan.FromSeconds(5));
    }
}
