using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Stopping;

namespace Stormly.Deploy.Process.Tests;

/// <summary>A backend with folders of its own. Its disposal ends everything and fails the test where something of it still lives.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    /// <summary>For stops that should succeed politely: generous, because the machine may be busy.</summary>
    public static readonly TimeSpan LongGrace = TimeSpan.FromSeconds(30);

    private readonly List<ProcessInstance> _started = [];

    public Sandbox(Action<ProcessHostOptions>? configure = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Local processes need Linux.");
        var options = new ProcessHostOptions { DisposeGrace = TimeSpan.FromSeconds(5) };
        configure?.Invoke(options);
        Host = new ProcessInstanceHost(Options.Create(options), TimeProvider.System, NullLogger<ProcessInstanceHost>.Instance);
    }

    public ProcessInstanceHost Host { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("stormly-process-").FullName;

    public string InstancesFolder => Path.Combine(Folder, "instances");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// An instance's folders and files, as the library makes them before it calls a backend. Each declares another port, so that commands without
    /// any may run side by side.
    /// </summary>
    public InstanceSpec Spec(string command)
    {
        var plugin = PluginName.Parse("dummy");
        var id = InstanceId.New(plugin);
        var folder = Path.Combine(InstancesFolder, id.Value);
        var work = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
        var log = Directory.CreateDirectory(Path.Combine(folder, "log")).FullName;
        File.WriteAllText(Path.Combine(folder, "manifest.json"), """{"stage":"server"}""");
        return new InstanceSpec
        {
            Id = id,
            Plugin = plugin,
            Revision = new RevisionId(new string('a', 64)),
            StartCommand = command,
            DeclaredPort = DeclaredPorts.Next(),
            Folder = folder,
            WorkFolder = work,
            ManifestFile = Path.Combine(folder, "manifest.json"),
            LogFile = Path.Combine(log, "plugin.log"),
            OrphanGrace = TimeSpan.FromSeconds(2),
        };
    }

    public Task<ProcessInstance> StartAsync(string command) => StartAsync(Spec(command));

    public async Task<ProcessInstance> StartAsync(InstanceSpec spec)
    {
        var instance = (ProcessInstance)await Host.StartAsync(spec, Token);
        lock (_started)
        {
            _started.Add(instance);
        }

        return instance;
    }

    /// <summary>What lives of an instance, its watcher included.</summary>
    public static IReadOnlyList<ProcStat> Living(ProcessInstance instance)
    {
        var members = InstanceMembers.Find(instance.Identity);
        return [.. members.Plugin, .. members.Watchers];
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        try
        {
            foreach (var instance in _started)
            {
                Assert.Empty(Living(instance));
                Assert.False(File.Exists(Path.Combine(InstancesFolder, instance.Id.Value, "process.json")));
            }
        }
        finally
        {
            // What a test that failed let live on.
            await using var last = new ProcessInstanceHost(Options.Create(new ProcessHostOptions()));
            await last.RecoverAsync(new HostRecoveryRequest { InstancesFolder = InstancesFolder, Grace = TimeSpan.Zero }, CancellationToken.None);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
