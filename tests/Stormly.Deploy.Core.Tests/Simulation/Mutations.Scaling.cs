using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>Machines that scale wrongly, or use more of a shared machine than their part.</content>
internal static partial class Mutations
{
    private static readonly Dictionary<string, SimulationOptions> OfScaling = new(StringComparer.Ordinal)
    {
        ["load moves a number that is fixed"] = Around((news, result, _) => news is DeploymentEvent.Tick && result.State is { Mode: DeploymentMode.Running, Goal: { Range: null, Wanted: 1 } goal }
            ? Resize(result, goal with { Wanted = Math.Min(2, goal.Ceiling) })
            : result),
        ["the number leaves its range"] = Around((news, result, _) => IsTick(news, result) && result.State.Goal is { Range: { } range, Ceiling: > 10 } goal ? Resize(result, goal with { Wanted = range.Max + 1 }) : result),
        ["the last one goes while requests are there"] = Around((news, result, _) => news is DeploymentEvent.Demand { Reading.Present: > 0 } && IsTick(news, result) && result.State.Goal is { Range.Min: 0, Wanted: 1 } goal
            ? Resize(result, goal with { Wanted = 0 })
            : result),
        ["the number falls while a revision comes in"] = Around((news, result, _) => IsTick(news, result) && result.State is { Proven: false, Goal: { Range: { } range } goal } && goal.Wanted > range.Min
            ? Resize(result, goal with { Wanted = goal.Wanted - 1 })
            : result),
        ["the number changes between two ticks"] = Around((news, result, _) => news is DeploymentEvent.Probed && result.State is { Mode: DeploymentMode.Running, Goal: { Range: { } range } goal } && goal.Wanted < range.Max
            ? Resize(result, goal with { Wanted = range.Max })
            : result),
        ["the number changes without a decision"] = Around((news, result, _) => (result.State, [.. result.Effects.Where(e => e is not DeploymentEffect.Record { Kind: DecisionKind.Scale })])),
        ["nobody hears who waits at zero"] = new SimulationOptions
        {
            Machine = (real, _) => (state, news, now) => real(state, news is DeploymentEvent.Demand { Reading: var reading } && state.Goal?.Wanted == 0 ? new DeploymentEvent.Demand(reading with { Present = 0 }) : news, now),
        },
        ["nobody goes to zero"] = Around((_, result, _) => result.State.Scale is { Memory: { } memory } scale ? (result.State with { Scale = scale with { Memory = memory with { IdleSince = null } } }, result.Effects) : result),
        ["a range is given to a revision that cannot run it"] = Around((news, result, _) => news is DeploymentEvent.ScaleWanted { Range: { } range } && result.State.Stable is { } stable
            ? (result.State with { Stable = stable with { Range = range } }, result.Effects)
            : result),
        ["a number is lost on the way to the disk"] = Around((_, result, _) => (result.State, [.. result.Effects.Select(e => e is DeploymentEffect.Store { Goal: { Range: not null } goal } s ? s with { Goal = goal with { Range = null } } : e)])),
        ["the part of the machine is ignored"] = Around((news, result, _) => news is DeploymentEvent.Allowed ? (result.State with { Share = null }, result.Effects) : result),
        ["a smaller part is not heard"] = new SimulationOptions
        {
            Machine = (real, _) => (state, news, now) => real(state, news is DeploymentEvent.Allowed allowed && allowed.Share.Instances < state.Share?.Instances ? new DeploymentEvent.Tick() : news, now),
        },
        ["room is made although more may still come"] = Around((_, result, _) => result.State.Share is { } share ? (result.State with { Share = share with { Asked = int.MaxValue, Coming = 0 } }, result.Effects) : result),
    };

    private static bool IsTick(DeploymentEvent news, (DeploymentState State, ImmutableArray<DeploymentEffect> Effects) result)
        => news is DeploymentEvent.Demand && result.State is { Mode: DeploymentMode.Running, Failure: null, Scale: not null };

    private static (DeploymentState State, ImmutableArray<DeploymentEffect> Effects) Resize((DeploymentState State, ImmutableArray<DeploymentEffect> Effects) result, FleetGoal goal)
        => (result.State with { Goal = goal, Stable = result.State.Proven ? goal : result.State.Stable }, result.Effects.Add(new DeploymentEffect.Record(DecisionKind.Scale, result.State.Plugin.Value, "scale", "broken on purpose")));
}
