using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Simulation;

/// <content>Calls and requests, and what they may come to.</content>
internal sealed partial class LoopStorm
{
    private async Task CallAsync(string what, int number, bool wait)
    {
        Tell($"{what} {number}{(wait ? "" : ", not waited for")}");
        var call = HearAsync(what, number);
        _world.Note(call);
        if (wait)
        {
            // A pause may hold it for as long as it is in force.
            await _world.UntilAsync(() => call.IsCompleted || _world.Now is { Paused: true } or { Canary: not null }, $"the answer to: {what} {number}", LongestRest);
        }
    }

    private async Task HearAsync(string what, int number)
    {
        var deployments = _world.Deployments;
        var promise = what switch
        {
            "deploy" or "canary" => _promises.Begin(number),
            "remove" => _promises.Begin(LoopPromises.Nothing),
            "roll back" or "promote" or "abort" or "resume" => _promises.BeginAny(),
            _ => (int?)null,
        };
        int? brought = null;
        try
        {
            switch (what)
            {
                case "deploy":
                    await deployments.DeployAsync(_world.Source(number, _random.Between(1, 3)));
                    brought = number;
                    break;
                case "deploy the neighbour": await deployments.DeployAsync(_world.Source(1, number, LoopWorld.Neighbour)); break;
                case "remove the neighbour": await deployments.RemoveAsync(LoopWorld.Neighbour); break;
                case "range": await deployments.ScaleAsync(LoopWorld.Plugin, new ScaleRange(number % 2, number)); break;
                case "scale": await deployments.ScaleAsync(LoopWorld.Plugin, number); break;
                case "roll back": brought = Serving(await deployments.RollbackAsync(LoopWorld.Plugin)); break;
                case "pause": await deployments.PauseAsync(LoopWorld.Plugin); break;
                case "resume": await deployments.ResumeAsync(LoopWorld.Plugin); break;
                case "canary": await deployments.CanaryAsync(_world.Source(number), new CanarySpec { SharePercent = 30 }); break;
                case "promote": brought = Serving(await deployments.PromoteAsync(LoopWorld.Plugin)); break;
                case "abort": brought = Serving(await deployments.AbortAsync(LoopWorld.Plugin)); break;
                default:
                    await deployments.RemoveAsync(LoopWorld.Plugin);
                    brought = LoopPromises.Nothing;
                    break;
            }

            Tell($"answered: {what} {number}");
        }
        catch (PluginDeploymentException refused)
        {
            Tell($"refused: {what} {number}: {FirstLine(refused.Message)}");
        }
        catch (ObjectDisposedException) when (_world.IsOver)
        {
            Tell($"not begun: {what} {number}: the container of the host application was disposed of");
        }
        finally
        {
            if (promise is { } begun)
            {
                _promises.Answered(begun, brought, !_world.DiskIsFull);
            }
        }
    }

    private void Ask(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _asked++;
            var request = AskAsync();
            _world.Note(request);
            _requests.Add(request);
        }
    }

    /// <summary>No request is lost on an instance that was not made to fail: whoever is exchanged, scaled down or ended has answered before.</summary>
    private async Task AskAsync()
    {
        using var response = await _world.AskAsync();
        if (response.Outcome is PluginOutcome.PluginError or PluginOutcome.Timeout && response.Instance is { } instance && !_fates.IsHurt(instance.Value))
        {
            throw new SimulationFailure($"a request was lost on {instance}, which nobody had hurt: {response.Problem?.Detail}");
        }
    }

    private int? Serving(Model.DeploymentSnapshot answer) => _world.VersionOf(answer.ServingRevision);

    private static string FirstLine(string text) => text.Split('\n')[0];
}
