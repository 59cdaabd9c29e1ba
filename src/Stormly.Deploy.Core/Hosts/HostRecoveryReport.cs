using System.Collections.Immutable;

namespace Stormly.Deploy.Hosts;

/// <summary>What a backend found of an earlier run.</summary>
public sealed record HostRecoveryReport
{
    /// <summary>Nothing was found.</summary>
    public static HostRecoveryReport Empty { get; } = new();

    /// <summary>Instances that live on in our hands.</summary>
    public ImmutableArray<IInstance> Adopted { get; init; } = [];

    /// <summary>Everything else that there was a record of, with what was done about it.</summary>
    public ImmutableArray<HostRecoveryNote> Notes { get; init; } = [];
}
