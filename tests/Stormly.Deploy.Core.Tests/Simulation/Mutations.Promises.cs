using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>What breaks a promise that a call about rollouts was given: at once, or at the next start of the host application.</content>
internal static partial class Mutations
{
    private static readonly Dictionary<string, SimulationOptions> OfPromises = new(StringComparer.Ordinal)
    {
        ["a pause does not come back"] = Hears(news => news is DeploymentEvent.Restored r ? r with { Paused = false } : news),
        ["a pause of the first rollout does not come back"] = Hears(news => news is DeploymentEvent.TakenUp t ? t with { Paused = false } : news),
        ["a canary does not come back"] = Hears(news => news is DeploymentEvent.Restored r ? r with { Canary = null } : news),
        ["a canary comes back with another share"] = Hears(news => news is DeploymentEvent.Restored { Canary: { } canary } r ? r with { Canary = canary with { Spec = canary.Spec with { SharePercent = 100 } } } : news),
        ["a pause is promised and not kept"] = Around((news, result, _) => news is DeploymentEvent.PauseWanted ? (result.State with { Pause = null }, result.Effects) : result),
        ["a pause ends by itself"] = Around((news, result, _) => news is DeploymentEvent.Exited ? (result.State with { Pause = null }, result.Effects) : result),
        ["a call to pause is never answered"] = Around((news, result, _) => news is DeploymentEvent.PauseWanted ? (result.State, [.. result.Effects.Where(e => e is not DeploymentEffect.Store)]) : result),
        ["an aborted canary is stored on"] = new SimulationOptions { Document = (document, state) => SimulatedDocument.Present(document, state) is { Canary: null } now ? now with { Canary = document.Canary } : SimulatedDocument.Present(document, state) },
        ["what is written before all came back forgets pause and canary"] = new SimulationOptions { Document = (document, state) => document with { Paused = state.Pause is not null, Canary = state.Canary } },
    };

    private static SimulationOptions Hears(Func<DeploymentEvent, DeploymentEvent> change) => new() { Machine = (real, _) => (state, news, now) => real(state, change(news), now) };
}
