using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker;

/// <summary>Settings of containers. All of them are checked when the host application starts.</summary>
public sealed class DockerHostOptions
{
    /// <summary>
    /// Where the engine listens: <c>unix:///path</c>, <c>npipe://./pipe/name</c> or <c>tcp://host:port</c>. Default null: the environment's
    /// <c>DOCKER_HOST</c>, else the first of the usual sockets that is there.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>The image of every plugin that has none of its own. It needs a POSIX shell and what the plugin's command calls. Default null.</summary>
    public string? Image { get; set; }

    /// <summary>What differs for single plugins, by the plugin's name.</summary>
    public IDictionary<string, DockerPluginOptions> Plugins { get; } = new Dictionary<string, DockerPluginOptions>(StringComparer.Ordinal);

    /// <summary>When images are fetched. Default <see cref="DockerPullPolicy.Missing"/>.</summary>
    public DockerPullPolicy Pull { get; set; } = DockerPullPolicy.Missing;

    /// <summary>How the engine signs in at registries that ask for it. Default none.</summary>
    public IList<DockerRegistryOptions> Registries { get; } = [];

    /// <summary>
    /// Whether registries that <see cref="Registries"/> does not name are signed in at as <c>docker login</c> of this user left it: <c>config.json</c> in
    /// <c>DOCKER_CONFIG</c> or <c>~/.docker</c>, with its credential helpers. Default true.
    /// </summary>
    public bool UseDockerLogin { get; set; } = true;

    /// <summary>How requests reach a container. Default <see cref="DockerReach.PublishedPort"/>.</summary>
    public DockerReach Reach { get; set; } = DockerReach.PublishedPort;

    /// <summary>The address of this machine that published ports are bound to, an IP address. Default 127.0.0.1: nobody else can reach a plugin.</summary>
    public string PublishOn { get; set; } = "127.0.0.1";

    /// <summary>The ports that may be published, e.g. <c>20000-20999</c>, or one port. Default null: the engine chooses a free one.</summary>
    public string? PublishedPorts { get; set; }

    /// <summary>How often a start is tried again when somebody else took the published port meanwhile, 0 to 20. Default 3.</summary>
    public int PortRetries { get; set; } = 3;

    /// <summary>The engine's network that containers join; null takes the engine's default bridge. Default null. Networks are never made or removed.</summary>
    public string? Network { get; set; }

    /// <summary>The shell inside the image that runs a plugin's command: an absolute path. Default <c>/bin/sh</c>.</summary>
    public string Shell { get; set; } = "/bin/sh";

    /// <summary>
    /// The user inside the container, <c>uid</c> or <c>uid:gid</c> in figures. Default null: the host application's own user, 10001:10001 where
    /// that is root, and 0:0 with a rootless engine, where that is the engine's own user. Another user than one's own needs a host application that is root, because the plugin's files are handed over to it.
    /// </summary>
    public string? User { get; set; }

    /// <summary>
    /// The variables of the host application's environment that reach a plugin: names, or beginnings of names with <c>*</c> at their end. Default
    /// <c>TZ</c>; configuration adds to them. <c>PATH</c> and <c>LANG</c> are the image's.
    /// </summary>
    public IList<string> AllowedEnvironment { get; } = ["TZ"];

    /// <summary>How much memory an instance may take, swap included, in bytes, 6 MiB or more; null sets no limit. Default 2 GiB.</summary>
    public long? MemoryBytes { get; set; } = 2L << 30;

    /// <summary>How many processors' time an instance may take, greater than 0; null sets no limit. Default 1.</summary>
    public double? Processors { get; set; } = 1;

    /// <summary>How many processes and threads an instance may have, 8 or more; null sets no limit. Default 512.</summary>
    public int? Processes { get; set; } = 512;

    /// <summary>How large <c>/tmp</c> may grow, which lies in memory and counts as such, in bytes, from 1 MiB. Default 64 MiB.</summary>
    public long TemporaryBytes { get; set; } = 64L << 20;

    /// <summary>Whether everything in the container but its folder, its log and <c>/tmp</c> is read-only. Default true.</summary>
    public bool ReadOnlyRoot { get; set; } = true;

    /// <summary>Whether programs in the container may gain rights that they were not started with (setuid). Default false.</summary>
    public bool AllowNewPrivileges { get; set; }

    /// <summary>The Linux capabilities that a plugin keeps, e.g. <c>NET_BIND_SERVICE</c>; all others are dropped. Default none.</summary>
    public IList<string> Capabilities { get; } = [];

    /// <summary>How many bytes of the last output of an instance are kept in memory for error messages, 1024 to 16 MiB. Default 65536.</summary>
    public int OutputTailBytes { get; set; } = 64 * 1024;

    /// <summary>How many bytes of an instance's output the engine keeps on its disk, twice at most, 64 KiB or more. Default 4 MiB.</summary>
    public long OutputDiskBytes { get; set; } = 4L << 20;

    /// <summary>How long one call to the engine may take, from 1 s to 10 min; fetching an image and waiting for a container's end are no such calls. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for an engine that cannot be reached, 0 to 10 min; what is left is removed once it can be. Default 30 s.</summary>
    public TimeSpan EngineWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the engine's list of containers is compared with ours, in case an event was lost, from 1 s to 1 h. Default 30 s.</summary>
    public TimeSpan CompareEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait between two attempts to reach an engine that went away, from 100 ms to 10 min; it begins at 100 ms and doubles. Default 5 s.</summary>
    public TimeSpan ReconnectEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an instance may take to end by itself when the backend or the instance is disposed of without having been stopped. Default 10 s.</summary>
    public TimeSpan DisposeGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The image of a plugin; null where none is set.</summary>
    internal string? ImageOf(PluginName plugin) => Of(plugin)?.Image ?? Image;

    /// <summary>The memory limit of a plugin; null where there is none.</summary>
    internal long? MemoryOf(PluginName plugin) => Of(plugin)?.MemoryBytes ?? MemoryBytes;

    /// <summary>The processors of a plugin; null where there is no limit.</summary>
    internal double? ProcessorsOf(PluginName plugin) => Of(plugin)?.Processors ?? Processors;

    /// <summary>The processes of a plugin; null where there is no limit.</summary>
    internal int? ProcessesOf(PluginName plugin) => Of(plugin)?.Processes ?? Processes;

    private DockerPluginOptions? Of(PluginName plugin) => Plugins.TryGetValue(plugin.Value, out var own) ? own : null;
}
