using Stormly.Deploy.Hosts;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Process.Tests;

/// <summary>Local processes keep what the library relies on in every backend.</summary>
[Collection(Alone)]
public sealed class ProcessConformanceTests : InstanceHostConformance
{
    private const string Alone = "conformance, alone";

    /// <summary>The suite counts what this whole process holds.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Collection;

    /// <inheritdoc/>
    public override ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Local processes need Linux.");
        return base.InitializeAsync();
    }

    /// <inheritdoc/>
    protected override IInstanceHost CreateHost(string stateFolder)
        => new ProcessInstanceHost(Microsoft.Extensions.Options.Options.Create(new ProcessHostOptions { DisposeGrace = TimeSpan.FromSeconds(1) }));

    /// <summary>A record names the process of its host application, so that has to be one that is really killed.</summary>
    protected override async Task StartAndCrashAsync(string stateFolder, IReadOnlyList<InstanceSpec> specs, CancellationToken cancellationToken)
    {
        foreach (var spec in specs)
        {
            using var program = await HostProgram.StartAsync("conforming", spec.Folder, spec.StartCommand);
            await program.KillAsync();
        }
    }
}
