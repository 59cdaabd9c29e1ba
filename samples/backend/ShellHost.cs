using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Stormly.Deploy.Hosts;

namespace ShellBackend;

/// <summary>The smallest backend that is one: processes of a Linux shell. It keeps no records, so what outlives a killed host application is not found again.</summary>
public sealed class ShellHost : IInstanceHost
{
    private readonly ConcurrentDictionary<ShellInstance, bool> _instances = new();
    private bool _disposed;

    public string Kind => "shell";
    public InstanceHostCapabilities Capabilities { get; } = new(); // no adoption, no private network, no limits
    public ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken) => new(ReadsPort(plan.StartCommand)
        ? PlacementAnswer.Unlimited
        : new PlacementAnswer { MaxInstances = 1, Reason = "The command does not read $PORT, and this backend cannot move it. Write $PORT for the port." });

    public Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Directory.Exists(spec.WorkFolder))
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"Its working folder {spec.WorkFolder} is not there.");
        }
        lock (_instances) // nothing is awaited or cancelled from here on: whatever starts is held by somebody
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var instance = new ShellInstance(spec, ReadsPort(spec.StartCommand) ? FreePort() : spec.DeclaredPort, i => _instances.TryRemove(i, out _));
            _instances[instance] = true;
            return Task.FromResult<IInstance>(instance);
        }
    }

    public Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken) => Task.FromResult(HostRecoveryReport.Empty);

    public async ValueTask DisposeAsync()
    {
        lock (_instances)
        {
            _disposed = true;
        }
        await Task.WhenAll(_instances.Keys.Select(i => i.DisposeAsync().AsTask()));
    }

    private static bool ReadsPort(string command) => command.Contains("$PORT", StringComparison.Ordinal);
    private static int FreePort() // good enough for a sample: somebody else can take it before the plugin does
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
