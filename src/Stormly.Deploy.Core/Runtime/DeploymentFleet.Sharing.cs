using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <content>The machine that all deployments share.</content>
internal sealed partial class DeploymentFleet
{
    private readonly FleetSharing? _sharing;

    private readonly Dictionary<PluginName, (int Least, long MemoryBytes)> _claims = [];

    /// <summary>
    /// Refuses a deployment whose least number has no room beside the least numbers of all others, those included that are just being deployed. The room is kept for it until the
    /// claim is disposed of: then its controller has taken in what it was told.
    /// </summary>
    /// <param name="plugin">The plugin, whose gate is held.</param>
    /// <param name="least">How many instances it must have in any case.</param>
    /// <param name="memoryBytes">What one of them uses, as declared.</param>
    /// <returns>The claim.</returns>
    /// <exception cref="PluginDeploymentException">There is no room; the message says who has it.</exception>
    public RoomClaim ClaimRoom(PluginName plugin, int least, long memoryBytes)
    {
        lock (_claims)
        {
            if (FindNoRoom(plugin, least, memoryBytes) is { } problem)
            {
                throw new PluginDeploymentException(problem);
            }

            _claims[plugin] = (least, memoryBytes);
            return new RoomClaim(this, plugin);
        }
    }

    /// <summary>Why a deployment has no room; null where it has.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="least">How many instances it must have in any case.</param>
    /// <param name="memoryBytes">What one of them uses, as declared.</param>
    /// <returns>The message, which says who has the room.</returns>
    public string? FindNoRoom(PluginName plugin, int least, long memoryBytes)
    {
        var limits = Services.Limits;
        if (limits.MemoryBytes is not null && memoryBytes == 0)
        {
            return $"Plugin '{plugin}' cannot be deployed: the machine's memory is limited (Machine:MemoryBytes), so it must declare what one instance uses. Set its MemoryBytes.";
        }

        var others = Others(plugin);
        var room = others.Aggregate(MachineRoom.Empty(limits), (taken, o) => taken.With(o.Least, o.MemoryBytes)).With(Math.Max(1, least), memoryBytes);
        if (!room.IsOver)
        {
            return null;
        }

        var list = string.Join(", ", others.Select(o => string.Create(CultureInfo.InvariantCulture, $"'{o.Plugin}' {o.Least}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Plugin '{plugin}' cannot be deployed with {Math.Max(1, least)} instance(s) at least: the least numbers of all deployments (others: {(list.Length == 0 ? "none" : list)}) come to {room.Instances} instances and {room.MemoryBytes / (1 << 20):0.#} MiB, and the limits are {limits.MaxInstances?.ToString(CultureInfo.InvariantCulture) ?? "any number"} and {(limits.MemoryBytes is { } bytes ? $"{bytes >> 20} MiB" : "any memory")}. Lower a least number, or raise Machine:MaxInstances or Machine:MemoryBytes.");
    }

    /// <summary>Gives up a claim.</summary>
    /// <param name="plugin">Whose.</param>
    internal void Unclaim(PluginName plugin)
    {
        lock (_claims)
        {
            _claims.Remove(plugin);
        }
    }

    /// <summary>What the others must have in any case: what they were told or, where that is more, are about to be told.</summary>
    private List<(PluginName Plugin, int Least, long MemoryBytes)> Others(PluginName plugin)
    {
        lock (_claims)
        {
            var all = All.Where(c => c.Goal is not null).ToDictionary(c => c.Plugin, c => (c.Goal!.Least, c.Goal.MemoryBytes));
            foreach (var (name, claim) in _claims)
            {
                all[name] = all.TryGetValue(name, out var goal) ? (Math.Max(goal.Least, claim.Least), Math.Max(goal.MemoryBytes, claim.MemoryBytes)) : claim;
            }

            return [.. all.Where(p => p.Key != plugin).OrderBy(p => p.Key.Value, StringComparer.Ordinal).Select(p => (p.Key, p.Value.Least, p.Value.MemoryBytes))];
        }
    }

    private void Publish(DeploymentSnapshot snapshot)
    {
        Watchers.Publish(snapshot);
        _sharing?.Note();
    }
}
