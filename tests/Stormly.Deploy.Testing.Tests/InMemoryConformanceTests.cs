using System.Collections.Concurrent;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>
/// The in-memory host passes the published suite. The suite's plugin is played by <see cref="InMemoryDummyPlugin"/>, which speaks the same words; what takes a shell and
/// processes is skipped, and the report says so.
/// </summary>
[Collection(ConformanceCollection.Name)]
public sealed class InMemoryConformanceTests : InstanceHostConformance
{
    private readonly InMemoryMachine _machine = new();
    private readonly ConcurrentQueue<InMemoryInstanceHost> _hosts = new();

    protected override IInstanceCaller Caller => _machine.Caller;

    protected override IInstanceHost CreateHost(string stateFolder)
    {
        var host = new InMemoryInstanceHost(machine: _machine) { OnStart = InMemoryDummyPlugin.Play };
        _hosts.Enqueue(host);
        return host;
    }

    protected override string PluginCommand(string words) => words;

    protected override bool StillLives(InstanceSpec spec) => _machine.Living.Any(i => i.Id == spec.Id);

    protected override async Task StartAndCrashAsync(string stateFolder, IReadOnlyList<InstanceSpec> specs, CancellationToken cancellationToken)
    {
        await base.StartAndCrashAsync(stateFolder, specs, cancellationToken);
        _hosts.Last().Crash();
    }
}
