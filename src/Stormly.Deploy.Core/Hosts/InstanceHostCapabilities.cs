namespace Stormly.Deploy.Hosts;

/// <summary>What a backend can do beyond the least. Unsupported things are left out by the library and skipped by its conformance tests.</summary>
public sealed record InstanceHostCapabilities
{
    /// <summary>Whether instances can survive the host application and be taken over by its next run.</summary>
    public bool Adoption { get; init; }

    /// <summary>Whether an instance has a network of its own, so that any number can listen on the same port.</summary>
    public bool PrivateNetwork { get; init; }

    /// <summary>
    /// Whether instances are processes that a shell starts from <see cref="InstanceSpec.StartCommand"/>. Default true. False is for backends that only play
    /// instances, for tests.
    /// </summary>
    public bool RunsCommands { get; init; } = true;

    /// <summary>Whether memory, processor and process limits are enforced.</summary>
    public bool ResourceLimits { get; init; }
}
