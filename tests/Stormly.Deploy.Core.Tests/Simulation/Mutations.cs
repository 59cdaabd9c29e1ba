using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>Machines that are broken on purpose: the simulation must notice each of them.</summary>
internal static partial class Mutations
{
    private static readonly Dictionary<string, SimulationOptions> All = new(StringComparer.Ordinal)
    {
        ["a failure is answered twice"] = Around((news, result, settings) =>
        {
            var replaced = result.Effects.Any(e => e is DeploymentEffect.Record { Kind: DecisionKind.Replace });
            var start = result.Effects.OfType<DeploymentEffect.Start>().FirstOrDefault();
            if (!replaced || start is null)
            {
                return result;
            }

            var twin = result.State.Instances.First(i => i.Id == start.Id) with { Id = settings.NewId(result.State.Plugin) };
            return (result.State with { Instances = result.State.Instances.Add(twin) }, result.Effects.Add(new DeploymentEffect.Start(twin.Id, twin.Revision)));
        }),
        ["stop before the substitute serves"] = Around((news, result, _) =>
        {
            var sick = result.Effects.OfType<DeploymentEffect.Record>().FirstOrDefault(r => r.Kind == DecisionKind.Replace);
            var instance = result.State.Instances.FirstOrDefault(i => i.Id.Value == sick?.Subject && i.Phase == InstancePhase.Suspect);
            return instance is null
                ? result
                : (Put(result.State, instance with { Phase = InstancePhase.Draining }), result.Effects.Add(new DeploymentEffect.Stop(instance.Id, Drain: true)));
        }),
        ["a stop is forgotten"] = Around((_, result, _) => (result.State, [.. result.Effects.Where(e => e is not DeploymentEffect.Stop { Drain: true })])),
        ["a stop is told twice"] = Around((_, result, _) => (result.State, result.Effects.AddRange(result.Effects.OfType<DeploymentEffect.Stop>()))),
        ["a stop does not wait for requests"] = Around((_, result, _) => (result.State, [.. result.Effects.Select(e => e is DeploymentEffect.Stop s ? s with { Drain = false } : e)])),
        ["the back-off is ignored"] = Around((_, result, _) => (result.State with { Vacancies = [.. result.State.Vacancies.Select(v => v with { Line = v.Line with { NotBefore = TimeSpan.Zero } })] }, result.Effects)),
        ["a vacancy is forgotten for good"] = Around((_, result, _) => (result.State with { Vacancies = [.. result.State.Vacancies.Select(v => v with { Line = v.Line with { NotBefore = TimeSpan.MaxValue } })] }, result.Effects)),
        ["a vacancy waits ten times as long"] = Around((_, result, _) => (result.State with { Vacancies = [.. result.State.Vacancies.Select(v => v with { Line = v.Line with { NotBefore = v.NotBefore * 10 } })] }, result.Effects)),
        ["an instance is forgotten while it runs"] = Around((news, result, _) => news is DeploymentEvent.Drained d ? (result.State with { Instances = result.State.Instances.RemoveAll(i => i.Id == d.Id) }, result.Effects) : (result.State, result.Effects)),
        ["instances that are gone still make news"] = Around((news, result, _) => news is DeploymentEvent.Probed p && result.State.Instances.All(i => i.Id != p.Id)
            ? (result.State, result.Effects.Add(new DeploymentEffect.Record(DecisionKind.Replace, p.Id.Value, $"replace {p.Id}", "it did not answer")))
            : result),
        ["readiness is told before the start"] = Around((_, result, _) => (result.State, [.. result.Effects.Where(e => e is not DeploymentEffect.Record { Kind: DecisionKind.Start })])),
        ["calls are refused without a word"] = Around((_, result, _) => (result.State, [.. result.Effects.Select(e => e is DeploymentEffect.Refuse r ? r with { Reason = "" } : e)])),
        ["a good revision is given up again and again"] = Around((news, result, _) => news is DeploymentEvent.DeployWanted { Tickets.Length: > 0 } d && result.State.Tickets.Length > 0
            ? (result.State with { Tickets = [] }, result.Effects.Add(new DeploymentEffect.Refuse(d.Tickets, null, "no")))
            : result),
        ["decisions without a reason"] = Around((_, result, _) => (result.State, [.. result.Effects.Select(e => e is DeploymentEffect.Record r ? r with { Why = "" } : e)])),
        ["decisions without a record"] = Around((_, result, _) => (result.State, [.. result.Effects.Where(e => e is not DeploymentEffect.Record)])),
        ["calls are never refused"] = Around((_, result, _) => (result.State, [.. result.Effects.Where(e => e is not DeploymentEffect.Refuse)])),
        ["nothing is stored"] = Around((_, result, _) => (result.State, [.. result.Effects.Select(e => e is DeploymentEffect.Store s ? s with { Goal = null } : e)])),
        ["the wrong number is stored"] = Around((_, result, _) => (result.State, [.. result.Effects.Select(e => e is DeploymentEffect.Store { Goal: { } g } s ? s with { Goal = g with { Wanted = g.Wanted + 7 } } : e)])),
        ["the first status check is believed"] = Around((news, result, _) => news is DeploymentEvent.Launched e && result.State.Instances.FirstOrDefault(i => i.Id == e.Id) is { Phase: InstancePhase.Starting } i
            ? (Put(result.State, i with { Phase = InstancePhase.Ready, Ready = i.Started, Status = Health.StatusCheckPolicy.Begin(new(), i.Started.Uptime) }), result.Effects)
            : result),
        ["a survivor is believed without a check"] = Around((news, result, _) => news is DeploymentEvent.Adopted e && result.State.Instances.FirstOrDefault(i => i.Id == e.Id) is { Phase: InstancePhase.Starting } i
            ? (Put(result.State, i with { Phase = InstancePhase.Ready, Ready = i.Started, Status = Health.StatusCheckPolicy.Begin(new(), i.Started.Uptime) }), result.Effects)
            : result),
        ["a survivor is forgotten"] = Around((news, result, _) => news is DeploymentEvent.Adopted e ? (result.State with { Instances = result.State.Instances.RemoveAll(i => i.Id == e.Id) }, result.Effects) : result),
        ["a survivor may take for ever"] = Around((news, result, _) => news is DeploymentEvent.Adopted e && result.State.Instances.FirstOrDefault(i => i.Id == e.Id) is { Start: { } start } i
            ? (Put(result.State, i with { Start = start with { Deadline = TimeSpan.MaxValue } }), result.Effects)
            : result),
        ["the wall clock counts"] = new SimulationOptions { Machine = (real, _) => (state, news, now) => real(state, news, now with { Uptime = now.Uptime + TimeSpan.FromTicks(now.Wall.Ticks % 7 == 0 ? 0 : now.Wall.Hour * TimeSpan.TicksPerMinute) }) },
        ["requests go to the sick"] = new SimulationOptions
        {
            Routes = (state, now) => RoutePlan.Of(state, now) with { Targets = [.. state.Instances.Where(i => i.Phase is InstancePhase.Ready or InstancePhase.Suspect && i.Launched).Select(i => i.Id)] },
        },
        ["requests go to those that leave"] = new SimulationOptions
        {
            Routes = (state, now) => RoutePlan.Of(state, now) with { Targets = [.. state.Instances.Where(i => i is { Phase: InstancePhase.Ready or InstancePhase.Draining, Dead: false }).Select(i => i.Id)] },
        },
        ["requests are refused while one is ready"] = new SimulationOptions
        {
            Routes = (state, now) => RoutePlan.Of(state, now) with { Targets = [], Availability = Routing.RouteAvailability.Unavailable },
        },
    };

    public static TheoryData<string> Names => [.. All.Keys, .. OfScaling.Keys, .. OfPromises.Keys];

    public static SimulationOptions Find(string name) => All.GetValueOrDefault(name) ?? OfScaling.GetValueOrDefault(name) ?? OfPromises[name];

    private static SimulationOptions Around(
        Func<DeploymentEvent, (DeploymentState State, ImmutableArray<DeploymentEffect> Effects), MachineSettings, (DeploymentState, ImmutableArray<DeploymentEffect>)> change)
        => new() { Machine = (real, settings) => (state, news, now) => change(news, real(state, news, now), settings) };

    private static DeploymentState Put(DeploymentState state, InstanceState instance)
        => state with { Instances = [.. state.Instances.Select(i => i.Id == instance.Id ? instance : i)] };
}
