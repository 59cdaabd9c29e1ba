using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>What a backend is asked to do about the leftovers of an earlier run.</summary>
public sealed record HostRecoveryRequest
{
    /// <summary>The folder that holds one folder per instance (see <see cref="InstanceSpec.Folder"/>).</summary>
    public required string InstancesFolder { get; init; }

    /// <summary>
    /// The instances to take over; all others that still live are ended, after these were taken over. One that cannot be taken over, for want of proof
    /// or because it has ended, is treated like all others and gets a note.
    /// </summary>
    public ImmutableHashSet<InstanceId> Adopt { get; init; } = [];

    /// <summary>How long a leftover may take to end by itself. Default 10 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}
