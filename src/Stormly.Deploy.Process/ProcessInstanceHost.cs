using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Ports;
using Stormly.Deploy.Process.Records;

namespace Stormly.Deploy.Process;

/// <summary>
/// Runs instances as local processes (Linux). A plugin's command runs through a shell, in a session of its own, with an allow-listed environment.
/// A stop ends everything that the command started, daemons included; when the host application dies, even by <c>kill -9</c>, its plugins end with
/// it, and what should escape all the same is found by its record at the next start. An instance that is to outlive the host application
/// (<see cref="InstanceSpec.OutlivesHost"/>) depends on nothing of it, and the next run takes it over with proof of identity. Plain processes share the host's user and files: they are no
/// boundary against hostile code, containers are.
/// </summary>
public sealed class ProcessInstanceHost : IInstanceHost
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProcessLauncher _launcher;
    private readonly PortBroker _ports;
    private readonly PidWatch _watch = new();
    private readonly ProcessInstanceOwner _owner;
    private readonly ProcessHostOptions _options;
    private readonly ConcurrentDictionary<ProcessInstance, bool> _instances = new();
    private readonly HashSet<Task> _starts = [];
    private readonly Lock _gate = new();
    private Task? _disposal;

    /// <summary>Makes a backend. Nothing is started or looked at yet.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="timeProvider">The clock; null takes the system's.</param>
    /// <param name="logger">The log; null keeps none.</param>
    public ProcessInstanceHost(IOptions<ProcessHostOptions> options, TimeProvider? timeProvider = null, ILogger<ProcessInstanceHost>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<ProcessInstanceHost>.Instance;
        _ports = new PortBroker(_options.Ports);
        _owner = new ProcessInstanceOwner(_time, _logger, _options.DisposeGrace, Forget, LetGo);
        _launcher = new ProcessLauncher(_options, _ports, _owner);
    }

    /// <inheritdoc/>
    public string Kind => "process";

    /// <inheritdoc/>
    public InstanceHostCapabilities Capabilities { get; } = new() { Adoption = OperatingSystem.IsLinux() };

    /// <inheritdoc/>
    public ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        cancellationToken.ThrowIfCancellationRequested();
        _launcher.RequireMachine();
        return ValueTask.FromResult(_ports.Check(plan));
    }

    /// <inheritdoc/>
    public async Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Task<ProcessInstance> start;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposal is not null, this);
            start = Task.Run(() => BeginAsync(spec, cancellationToken), cancellationToken);
            _starts.Add(start);
        }

        try
        {
            var instance = await start.ConfigureAwait(false);
            ProcessHostLog.Started(_logger, spec.Plugin, spec.Id, instance.LeaderPid, instance.Address.Port);
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
        if (!OperatingSystem.IsLinux())
        {
            return HostRecoveryReport.Empty;
        }

        var adopter = new ProcessAdopter(_options.OutputTailBytes, _watch, _owner);
        var (adopted, notes) = await new Recovery(_time, adopter).RunAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (var note in notes)
        {
            ProcessHostLog.Recovered(_logger, note.Instance, note.Detail);
        }

        foreach (var instance in adopted)
        {
            _instances[instance] = true;
            ProcessHostLog.Adopted(_logger, instance.Id, instance.LeaderPid, instance.Address.Port);
        }

        return new HostRecoveryReport { Adopted = [.. adopted], Notes = [.. notes] };
    }

    /// <summary>Ends every instance that was started or adopted and not let go of, with its grace, and waits for that. Safe to call at any time, twice, and from a callback.</summary>
    /// <returns>A task that completes when nothing is left.</returns>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposal ??= Task.Run(EndAllAsync);
            return new ValueTask(_disposal);
        }
    }

    private async Task<ProcessInstance> BeginAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        var instance = await _launcher.StartAsync(spec, cancellationToken).ConfigureAwait(false);
        _instances[instance] = true;
        return instance;
    }

    private async Task EndAllAsync()
    {
        Task[] starts;
        lock (_gate)
        {
            starts = [.. _starts];
        }

        await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_instances.Keys.Select(i => i.StopAsync(_options.DisposeGrace, CancellationToken.None))).ConfigureAwait(false);
        _watch.Dispose();
    }

    private void Forget(ProcessInstance instance)
    {
        RecordFile.Delete(Path.Combine(instance.Folder, RecordFile.Name));
        _instances.TryRemove(instance, out _);
    }

    private void LetGo(ProcessInstance instance)
    {
        RecordFile.Disown(instance.Folder);
        _instances.TryRemove(instance, out _);
    }
}
