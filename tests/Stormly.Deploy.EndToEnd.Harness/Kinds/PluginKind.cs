using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.EndToEnd.Harness.Ledger;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.EndToEnd.Harness.Kinds;

/// <summary>What the end-to-end programs run: plugins as local processes, or as containers. Everything else of them is the same.</summary>
public abstract class PluginKind
{
    /// <summary>Local processes of the dummy plugin.</summary>
    public static PluginKind Processes { get; } = new ProcessPlugins();

    /// <summary>Containers of a small Python server.</summary>
    public static PluginKind Containers { get; } = new ContainerPlugins();

    /// <summary>Whether plugins write down which requests they saw: into a folder that they share with the program.</summary>
    public abstract bool KeepsBooks { get; }

    /// <summary>The image that a host application in a process of its own runs plugins in; null for local processes.</summary>
    public abstract string? Image { get; }

    /// <summary>Chooses the backend.</summary>
    public abstract void Use(IPluginDeploymentBuilder builder);

    /// <summary>Fills a plugin's folder with a model that serves.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model's name, which its answers hold.</param>
    /// <param name="ledger">Where requests are written down; null where they are not.</param>
    public abstract void WriteGood(string folder, string model, string? ledger);

    /// <summary>Fills a plugin's folder with one that does not come up.</summary>
    public abstract void WriteBad(string folder, BadPlugin bad);

    /// <summary>Kills an instance and writes it down.</summary>
    public abstract Task KillAsync(RequestLedger ledger, string stateFolder, InstanceId instance);

    /// <summary>Whatever lives of a state folder's plugins: process ids, or containers of every state.</summary>
    /// <param name="stateFolder">The state folder.</param>
    /// <param name="instance">Of one instance only; null for all.</param>
    public abstract Task<IReadOnlyList<string>> LivingAsync(string stateFolder, InstanceId? instance = null);

    /// <summary>The ports of this machine that what lives was given.</summary>
    public abstract Task<IReadOnlyList<int>> PortsAsync(string stateFolder);

    /// <summary>Ends whatever lives, after a run that failed.</summary>
    public abstract Task ClearAsync(string stateFolder);
}
