namespace Stormly.Deploy.Scaling;

/// <summary>How much of a machine's limits is used.</summary>
/// <param name="Limits">The limits.</param>
/// <param name="Instances">Instances so far.</param>
/// <param name="MemoryBytes">Memory so far, as declared.</param>
internal readonly record struct MachineRoom(MachineLimits Limits, long Instances, decimal MemoryBytes)
{
    public static MachineRoom Empty(MachineLimits limits) => new(limits, 0, 0);

    public bool IsOver => Instances > (Limits.MaxInstances ?? long.MaxValue) || MemoryBytes > (Limits.MemoryBytes ?? decimal.MaxValue);

    public MachineRoom With(MachineTenant tenant, int instances) => With(instances, tenant.MemoryBytes);

    public MachineRoom With(int instances, long memoryBytes) => this with { Instances = Instances + instances, MemoryBytes = MemoryBytes + ((decimal)instances * memoryBytes) };

    public bool Fits(MachineTenant tenant, int instances) => !With(tenant, instances).IsOver;

    /// <summary>Which part of the machine a number of instances is, by the limit that it uses most of.</summary>
    public double ShareOf(MachineTenant tenant, int instances) => Math.Max(
        Limits.MaxInstances is { } most ? instances / (double)most : 0,
        Limits.MemoryBytes is { } bytes ? instances * (double)tenant.MemoryBytes / bytes : 0);
}
