using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Records;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>A backend with folders of its own. Its disposal ends everything and fails the test where something of it is left.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    /// <summary>For stops that should succeed politely: generous, because the machine may be busy.</summary>
    public static readonly TimeSpan LongGrace = TimeSpan.FromSeconds(30);

    /// <summary>A server in the tiny image: every address answers with the file <c>answer</c> of the plugin's folder.</summary>
    public const string Serve = "mkdir -p www && echo '{\"ok\":true}' > www/status && exec httpd -f -p 5000 -h www";

    private readonly DockerClient _client;

    private Sandbox(string folder, DockerClient client, Action<DockerHostOptions>? configure)
    {
        (Folder, _client) = (folder, client);
        var options = new DockerHostOptions { Image = TestEngine.Tiny, DisposeGrace = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        Host = new DockerInstanceHost(Options.Create(options));
    }

    public DockerInstanceHost Host { get; }

    public string Folder { get; }

    public string InstancesFolder => Path.Combine(Folder, "instances");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes one, where there is an engine.</summary>
    public static async Task<Sandbox> MakeAsync(Action<DockerHostOptions>? configure = null)
    {
        await TestEngine.NeedsAsync();
        return Make(TestEngine.Client, configure);
    }

    /// <summary>Makes one for an engine of its own.</summary>
    public static Sandbox Make(DockerClient client, Action<DockerHostOptions>? configure)
    {
        var folder = Directory.CreateTempSubdirectory("stormly-docker-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "instances"));
        return new Sandbox(folder, client, configure);
    }

    /// <summary>A second backend on the same folder, as after a restart of the host application.</summary>
    public Sandbox Again(Action<DockerHostOptions>? configure = null) => new(Folder, _client, configure);

    /// <summary>An instance's folders and files, as the library makes them before it calls a backend.</summary>
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
            DeclaredPort = 5000,
            Folder = folder,
            WorkFolder = work,
            ManifestFile = Path.Combine(folder, "manifest.json"),
            LogFile = Path.Combine(log, "plugin.log"),
        };
    }

    public async Task<DockerInstance> StartAsync(string command) => await StartAsync(Spec(command));

    public async Task<DockerInstance> StartAsync(InstanceSpec spec) => (DockerInstance)await Host.StartAsync(spec, Token);

    /// <summary>Starts a command that ends by itself, and waits for that.</summary>
    public async Task<InstanceExit> RunAsync(string command)
    {
        var instance = await StartAsync(command);
        var exit = await instance.Exited.WaitAsync(Token);
        await instance.StopAsync(TimeSpan.Zero, Token);
        return exit;
    }

    /// <summary>What the engine has of this sandbox.</summary>
    public async Task<IList<ContainerListResponse>> ContainersAsync()
        => OwnerFile.Read(InstancesFolder) is { } owner ? await TestEngine.ListAsync($"{ContainerLabels.OwnerKey}={owner}", _client) : [];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (Directory.Exists(Folder))
        {
            Assert.Empty(await ContainersAsync());
            Directory.Delete(Folder, recursive: true);
        }
    }
}
