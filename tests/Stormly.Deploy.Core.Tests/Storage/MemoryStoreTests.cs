using System.Collections.Concurrent;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Storage;

/// <summary>The contract asks for nothing that only files can do.</summary>
public sealed class MemoryStoreTests : DeploymentStoreContract
{
    private readonly ConcurrentDictionary<PluginName, StoredDeployment> _kept = new();

    public override IDeploymentStore Make() => new MemoryStore(_kept);
}
