using System.Collections.Concurrent;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Testing;

/// <summary>One run of a host application: a state folder, a backend, and what it started.</summary>
internal sealed class HostApplication(ConformanceBench bench, string stateFolder, IInstanceHost host, Func<string, string> command)
{
    public const string StatusPath = "/status";

    private static readonly PluginName Plugin = PluginName.Parse("conformance");

    private readonly ConcurrentQueue<InstanceSpec> _specs = new();

    public IInstanceHost Host => host;

    public string StateFolder => stateFolder;

    public string InstancesFolder => Path.Combine(stateFolder, "instances");

    /// <summary>Whatever may have been started here.</summary>
    public IReadOnlyCollection<InstanceSpec> Specs => _specs;

    /// <summary>Folders and files of an instance of the suite's plugin, as the library makes them before it calls a backend.</summary>
    /// <param name="words">The plugin's words.</param>
    public InstanceSpec Spec(string words) => RawSpec(command(words));

    /// <summary>The same for any command line.</summary>
    public InstanceSpec RawSpec(string commandLine)
    {
        var id = InstanceId.New(Plugin);
        var folder = Path.Combine(InstancesFolder, id.Value);
        var work = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
        var log = Directory.CreateDirectory(Path.Combine(folder, "log")).FullName;
        File.WriteAllText(Path.Combine(folder, "manifest.json"), ManifestOf(id));
        using (var plugin = typeof(HostApplication).Assembly.GetManifestResourceStream("dummy_plugin.py")!)
        using (var file = File.Create(Path.Combine(work, "dummy_plugin.py")))
        {
            plugin.CopyTo(file);
        }

        var spec = new InstanceSpec
        {
            Id = id,
            Plugin = Plugin,
            Revision = new RevisionId(new string('c', 64)),
            StartCommand = commandLine,
            DeclaredPort = 5000,
            StatusPath = StatusPath,
            RequestPath = "/who",
            Folder = folder,
            WorkFolder = work,
            ManifestFile = Path.Combine(folder, "manifest.json"),
            LogFile = Path.Combine(log, "plugin.log"),
            OrphanGrace = TimeSpan.FromSeconds(2),
        };
        _specs.Enqueue(spec);
        return spec;
    }

    public static string ManifestOf(InstanceId id) => $$"""{"stage":"server","options":{"of":"{{id}}","exact":4.0} }""";

    public Task<IInstance> StartAsync(string words) => StartAsync(Spec(words));

    public async Task<IInstance> StartAsync(InstanceSpec spec)
    {
        var instance = await bench.WithinAsync(
            host.StartAsync(spec, bench.Token), "StartAsync returns as soon as the instance runs; that it listens is not waited for.", Guide.Start).ConfigureAwait(false);
        return instance.Id == spec.Id
            ? instance
            : throw Breach.Of("IInstance.Id is the Id of its InstanceSpec.", $"'{instance.Id}' instead of '{spec.Id}'.", Guide.Start, instance);
    }

    public Task<IInstance> StartReadyAsync(string words) => StartReadyAsync(Spec(words));

    public async Task<IInstance> StartReadyAsync(InstanceSpec spec)
    {
        var instance = await StartAsync(spec).ConfigureAwait(false);
        await bench.WaitReadyAsync(instance).ConfigureAwait(false);
        return instance;
    }

    public async Task<InstanceExit> StopAsync(IInstance instance, TimeSpan grace, CancellationToken force = default)
    {
        const string Asked = "StopAsync ends the instance, and says how it ended: Cause is Stopped where it still ran, Reason is in words.";
        var exit = await bench.WithinAsync(instance.StopAsync(grace, force), Asked, Guide.Stop, instance).ConfigureAwait(false);
        await bench.WithinAsync(instance.Exited, "Exited completes when the instance was stopped.", Guide.Exit, instance).ConfigureAwait(false);
        return exit.Reason.Length > 0 ? exit : throw Breach.Of(Asked, "Reason is empty.", Guide.Exit, instance);
    }

    public Task<InstanceExit> ExitAsync(IInstance instance)
        => bench.WithinAsync(instance.Exited, "Exited completes once, and never fails, when the instance ended, by itself too.", Guide.Exit, instance);

    public Task<HostRecoveryReport> RecoverAsync(params InstanceId[] adopt)
        => bench.WithinAsync(
            host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = InstancesFolder, Adopt = [.. adopt], Grace = TimeSpan.FromSeconds(2) }, bench.Token),
            "RecoverAsync goes through what it finds and reports it; it throws for no record, whatever it holds.",
            Guide.Recovery);
}
