using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Docker.Images;
using Stormly.Deploy.Docker.Records;
using Stormly.Deploy.Docker.Watching;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker;

/// <summary>
/// Runs instances as Docker containers: as an ordinary user, with a read-only root, without capabilities, within limits of memory, processors and
/// processes, each on a network address of its own, so that any number of them listens on the same port. Containers outlive a host application that
/// dies; its next run finds them by their labels, takes over what it is asked to, and removes the rest.
/// </summary>
public sealed class DockerInstanceHost : IInstanceHost
{
    private readonly ILogger _logger;
    private readonly DockerHostOptions _options;
    private readonly EngineClient _engine;
    private readonly EngineWatcher _watcher;
    private readonly ImageKeeper _images;
    private readonly DockerStarter _starter;
    private readonly Recovery _recovery;
    private readonly ConcurrentDictionary<DockerInstance, bool> _instances = new();
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _starts = [];
    private readonly Lock _gate = new();
    private Task? _disposal;

    /// <summary>Makes a backend. Nothing is started or looked at yet.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="timeProvider">The clock; null takes the system's.</param>
    /// <param name="logger">The log; null keeps none.</param>
    public DockerInstanceHost(IOptions<DockerHostOptions> options, TimeProvider? timeProvider = null, ILogger<DockerInstanceHost>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var time = timeProvider ?? TimeProvider.System;
        var run = RandomNumberGenerator.GetHexString(16, lowercase: true);
        _options = options.Value;
        _logger = logger ?? NullLogger<DockerInstanceHost>.Instance;
        _engine = new EngineClient(_options, time);
        _watcher = new EngineWatcher(_engine, _options, time, _logger, run);
        _images = new ImageKeeper(_engine, _options, new RegistryKeys(_options, new DockerLogin(Environment.GetEnvironmentVariable)), time, _logger);
        var calls = new ContainerCalls(_engine);
        _starter = new DockerStarter(new DockerInstanceOwner(_options, time, _logger, _engine, calls, _watcher, Release), _images, run);
        _recovery = new Recovery(calls, _starter, _logger);
    }

    /// <inheritdoc/>
    public string Kind => "docker";

    /// <inheritdoc/>
    public InstanceHostCapabilities Capabilities { get; } = new() { Adoption = true, PrivateNetwork = true, ResourceLimits = true };

    /// <inheritdoc/>
    public async ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_options.ImageOf(plan.Plugin) is null)
        {
            return new PlacementAnswer { MaxInstances = 0, Reason = ImageKeeper.NoImage(plan.Plugin) };
        }

        await _engine.AskAsync("answer", (c, t) => c.System.PingAsync(t), cancellationToken).ConfigureAwait(false);
        return PlacementAnswer.Unlimited;
    }

    /// <inheritdoc/>
    public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Task<DockerInstance> start;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposal is not null, this);
            start = Task.Run(() => BeginAsync(spec, cancellationToken), cancellationToken);
            _starts.Add(start);
        }

        try
        {
            var instance = await start.ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
            {
                await instance.StopAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }

            return instance;
        }
        finally
        {
            lock (_gate)
            {
                _starts.Remove(start);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (OwnerFile.Read(request.InstancesFolder) is not { } owner)
        {
            return HostRecoveryReport.Empty;
        }

        var report = await _recovery.RunAsync(request, owner, cancellationToken).ConfigureAwait(false);
        foreach (var instance in report.Adopted.Cast<DockerInstance>())
        {
            _instances[instance] = true;
        }

        return report;
    }

    /// <summary>Ends every instance that was started, with its grace, and waits for that. Safe to call at any time, twice, and from a callback.</summary>
    /// <returns>A task that completes when nothing is left.</returns>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposal ??= Task.Run(EndAllAsync);
            return new ValueTask(_disposal);
        }
    }

    private async Task<DockerInstance> BeginAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        var instance = await _starter.StartAsync(spec, OwnerOf(spec), cancellationToken).ConfigureAwait(false);
        _instances[instance] = true;
        return instance;
    }

    private string OwnerOf(InstanceSpec spec)
    {
        var folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(spec.Folder))!;
        try
        {
            lock (_owners)
            {
                return _owners.TryGetValue(folder, out var known) ? known : _owners[folder] = OwnerFile.ReadOrMake(folder);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"'{Path.Combine(folder, OwnerFile.Name)}' cannot be written: {error.Message}", inner: error);
        }
    }

    private async Task EndAllAsync()
    {
        Task[] starts;
        lock (_gate)
        {
            starts = [.. _starts];
        }

        await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await Task.WhenAll(_instances.Keys.Select(i => i.StopAsync(_options.DisposeGrace, CancellationToken.None))).ConfigureAwait(false);
        }
        finally
        {
            await _watcher.DisposeAsync().ConfigureAwait(false);
            _images.Dispose();
            _engine.Dispose();
        }
    }

    private void Release(DockerInstance instance) => _instances.TryRemove(instance, out _);
}
