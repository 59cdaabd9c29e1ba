using ShellBackend;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing.Tests;

/// <summary>The sample backend is what the guide says it is.</summary>
[Collection(ConformanceCollection.Name)]
public sealed class SampleBackendConformanceTests : InstanceHostConformance
{
    /// <summary>It looks through all processes of the machine for each stop: fewer of them will do.</summary>
    protected override ConformanceOptions Options { get; } = new() { ParallelStarts = 20, CancelledStarts = 10, Cycles = 50 };

    /// <inheritdoc/>
    public override ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The sample backend needs Linux.");
        return base.InitializeAsync();
    }

    /// <inheritdoc/>
    protected override IInstanceHost CreateHost(string stateFolder) => new ShellHost();
}
