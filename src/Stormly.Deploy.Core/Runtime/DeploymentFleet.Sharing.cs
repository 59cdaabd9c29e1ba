using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <content>The machine that all deployments share.</content>
internal sealed partial class DeploymentFleet
{
    private readonly FleetSharing? _sharing;

    /// <summary>Refuses a deployment whose least number has no room beside the least numbers of all others.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="least">How many instances it must have in any case.</param>
    /// <param name="memoryBytes">What one of them uses, as declared.</param>
    /// <exception cref="PluginDeploymentException">There is no room; the message says who has it.</exception>
    public void CheckRoom(PluginName plugin, int least, long memoryBytes)
    {
        var limits = Services.Limits;
        if (limits.MemoryBytes is not null && memoryBytes == 0)
        {
            throw new PluginDeploymentException($"Plugin '{plugin}' cannot be deployed: the machine's memory is limited (Machine:MemoryBytes), so it must declare what one instance uses. Set its MemoryBytes.");
        }

        var others = All.Where(c => c.Plugin != plugin && c.Goal is not null).Select(c => (c.Plugin, Goal: c.Goal!)).ToList();
        var room = others.Aggregate(MachineRoom.Empty(limits), (taken, o) => taken.With(o.Goal.Least, o.Goal.MemoryBytes)).With(Math.Max(1, least), memoryBytes);
        if (room.IsOver)
        {
            var list = string.Join(", ", others.Select(o => string.Create(CultureInfo.InvariantCulture, $"'{o.Plugin}' {o.Goal.Least}")));
            throw new PluginDeploymentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Plugin '{plugin}' cannot be deployed with {Math.Max(1, least)} instance(s) at least: the least numbers of all deployments (others: {(list.Length == 0 ? "none" : list)}) come to {room.Instances} instances and {room.MemoryBytes / (1 << 20):0.#} MiB, and the limits are {limits.MaxInstances?.ToString(CultureInfo.InvariantCulture) ?? "any number"} and {(limits.MemoryBytes is { } bytes ? $"{bytes >> 20} MiB" : "any memory")}. Lower a least number, or raise Machine:MaxInstances or Machine:MemoryBytes."));
        }
    }

    private void Publish(DeploymentSnapshot snapshot)
    {
        Watchers.Publish(snapshot);
        _sharing?.Note();
    }
}
