using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>A plugin's folder as a training run leaves it, and the start and end of the host application.</content>
internal sealed partial class DeploymentBench
{
    /// <summary>Writes results and manifest; <paramref name="version"/> makes revisions differ.</summary>
    public async Task WriteFolderAsync(int version, string? folder = null)
    {
        var token = TestContext.Current.CancellationToken;
        var path = Directory.CreateDirectory(folder ?? Plugin).FullName;
        await File.WriteAllTextAsync(Path.Combine(path, "manifest.json"), Manifest, token);
        await File.WriteAllBytesAsync(Path.Combine(path, "results.json"), Source(version).Results[0].Utf8, token);
    }

    /// <summary>Begins a run that registers the plugin's folder.</summary>
    public DeploymentBench RunFolder() => Run(build: b => b.AddPlugin("churn", Plugin));

    /// <summary>Lets the first version in the plugin's folder come up, by a run that registers it.</summary>
    public async Task<RevisionId> ServeFolderAsync()
    {
        await WriteFolderAsync(1);
        await RunFolder().StartAsync();
        await UntilAsync(() => Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the first revision");
        return Snapshot.ServingRevision!;
    }

    public async Task StartAsync() => await Services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(TestContext.Current.CancellationToken);

    public async Task EndAsync(TimeSpan? step = null)
    {
        var end = Services.GetRequiredService<PluginDeployments>().EndAsync(CancellationToken.None);
        await UntilAsync(() => end.IsCompleted, "the end of the host application", step, WithinAtEnd);
        await end;
    }
}
