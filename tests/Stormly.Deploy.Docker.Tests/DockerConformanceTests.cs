using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>The published conformance suite, as any author of a backend runs it.</summary>
[Collection(Alone)]
public sealed class DockerConformanceTests : InstanceHostConformance
{
    private const string Alone = "conformance, alone";

    // The suite counts what this whole process holds: other tests of the same project wait.
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Collection;

    // A container costs thirty times what a process does. STORMLY_FULL_CONFORMANCE=1 takes the suite's own numbers: 50 starts at once, 200 cycles.
    protected override ConformanceOptions Options { get; } = Environment.GetEnvironmentVariable("STORMLY_FULL_CONFORMANCE") == "1"
        ? new()
        : new() { SideBySide = 5, ParallelStarts = 12, CancelledStarts = 6, Cycles = 24 };

    public override async ValueTask InitializeAsync()
    {
        await TestEngine.NeedsAsync(TestEngine.Flask);
        await base.InitializeAsync();
    }

    protected override IInstanceHost CreateHost(string stateFolder)
        => new DockerInstanceHost(new OptionsWrapper<DockerHostOptions>(new DockerHostOptions { Image = TestEngine.Flask, Pull = DockerPullPolicy.Never, MemoryBytes = 256 << 20 }));
}
