using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>How requests are handed to instances. Part of the options of plugin deployment, checked with them at start.</summary>
public sealed class RoutingOptions
{
    /// <summary>The greatest time of one call to an instance: connect, send, headers and body together. Default 30 s; 10 ms to 1 day.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The greatest response body that is read, in bytes. Default 16 MiB; 1 byte to 1 GiB.</summary>
    public int MaxResponseBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many requests may wait for an instance of one plugin; the next one is told to come back later. Default 100; 0 (no waiting) to 100,000.</summary>
    public int QueueLength { get; set; } = 100;

    /// <summary>How long a request waits for an instance while instances serve. Default 10 s; 0 to 1 day.</summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request waits while the first instance starts. Default 5 min, as the start deadline; 0 to 1 day.</summary>
    public TimeSpan ColdStartTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many requests one instance gets at once, so that a slow instance cannot collect requests without end; the next ones wait in the queue.
    /// Default 64, our own choice; 1 to 100,000.
    /// </summary>
    public int MaxRequestsPerInstance { get; set; } = 64;

    /// <summary>How long connecting to an instance may take. Default 2 s, our own choice; 1 ms to 1 h.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many other instances are tried after a connection failed before anything was sent. Default 2; 0 to 10.</summary>
    public int ConnectRetries { get; set; } = 2;

    /// <summary>
    /// How long such a request waits for another instance when there is none: a refused connection mostly means that the instance has just ended,
    /// which the control plane learns within milliseconds. Default 1 s, our own choice; 0 to 1 h.
    /// </summary>
    public TimeSpan ConnectRetryWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The plugins whose requests may be sent twice without harm: theirs are tried on another instance also after the connection was lost under
    /// way, within <see cref="ConnectRetries"/>. Default none.
    /// </summary>
    public IList<string> IdempotentPlugins { get; } = [];

    internal void Check(string path, OptionRules rules)
    {
        var (day, hour) = (TimeSpan.FromDays(1), TimeSpan.FromHours(1));
        rules.Between($"{path}:{nameof(RequestTimeout)}", RequestTimeout, TimeSpan.FromMilliseconds(10), day);
        rules.Between($"{path}:{nameof(MaxResponseBytes)}", MaxResponseBytes, 1, 1 << 30);
        rules.Between($"{path}:{nameof(QueueLength)}", QueueLength, 0, 100_000);
        rules.Between($"{path}:{nameof(QueueTimeout)}", QueueTimeout, TimeSpan.Zero, day);
        rules.Between($"{path}:{nameof(ColdStartTimeout)}", ColdStartTimeout, TimeSpan.Zero, day);
        rules.Between($"{path}:{nameof(MaxRequestsPerInstance)}", MaxRequestsPerInstance, 1, 100_000);
        rules.Between($"{path}:{nameof(ConnectTimeout)}", ConnectTimeout, TimeSpan.FromMilliseconds(1), hour);
        rules.Between($"{path}:{nameof(ConnectRetries)}", ConnectRetries, 0, 10);
        rules.Between($"{path}:{nameof(ConnectRetryWait)}", ConnectRetryWait, TimeSpan.Zero, hour);
        for (var i = 0; i < IdempotentPlugins.Count; i++)
        {
            rules.Require(
                PluginName.TryParse(IdempotentPlugins[i], out _, out _),
                $"{path}:{nameof(IdempotentPlugins)}:{i}", "be a plugin's name", $"'{PrintableText.Escape(IdempotentPlugins[i])}'");
        }
    }
}
