using Stormly.Deploy.Model;

namespace Stormly.Deploy.Simulation;

/// <content>The calm after the storm: everything comes to rest, and is as good as new.</content>
internal sealed partial class LoopStorm
{
    private async Task CalmAsync()
    {
        _fates.Calm = true;
        foreach (var instance in _world.Machine.Living.Where(i => !LoopFates.IsBad(LoopWorld.VersionOf(i))))
        {
            instance.Recover();
            instance.Status = Testing.InMemoryAnswer.Ok;
            instance.AnswerWith(Testing.InMemoryAnswer.Ok);
        }

        Tell($"calm");
        await CallAsync("abort", 0, wait: false);
        await CallAsync("resume", 0, wait: false);
        await CallAsync("remove the neighbour", 0, wait: false);
        await _world.UntilAsync(() => _world.Calls.All(c => c.IsCompleted), "the answers to all calls and requests", LongestRest);
        await Task.WhenAll(_requests);
        await _world.UntilAsync(IsAtRest, "rest after the storm", LongestRest);
        CheckServing();

        await CallAsync("deploy", NextVersion(bad: false), wait: true);
        await _world.UntilAsync(() => IsAtRest() && _world.Now is { Phase: DeploymentPhase.Ready }, "a new version", LongestRest);
        CheckServing();
        await RemoveAsync();
    }

    /// <summary>Where all is at rest, what serves must be what calls were told.</summary>
    private void CheckServing()
    {
        if (IsAtRest())
        {
            // Where the load has gone to zero nothing lives of what is to answer the next request.
            var next = _world.Now is { Phase: DeploymentPhase.Ready } now ? _world.VersionOf(now.WantedRevision) : null;
            _promises.Check(_world.Living is [var any, ..] ? LoopWorld.VersionOf(any) : next ?? LoopPromises.Nothing, _world.Describe);
        }
    }

    /// <summary>All that is wanted is there, of one revision, and nothing else.</summary>
    private bool IsAtRest()
    {
        var (now, living) = (_world.Now, _world.Living);
        return now switch
        {
            null => living.Count == 0,
            { Phase: DeploymentPhase.Failed } => living.Count == 0,
            // A first revision was given up, and beside it some live that a pause held: nothing takes them away.
            { Phase: DeploymentPhase.Degraded } when now.Revisions.Any(r => r.Id == now.WantedRevision && r.FailedAt is not null) => living.Count == now.ReadyInstances && living.Select(i => i.Spec.Revision).Distinct().Count() == 1,
            { Phase: DeploymentPhase.Ready } => living.Count == now.WantedInstances && now.ReadyInstances == now.WantedInstances && living.All(i => i.Spec.Revision == now.ServingRevision),
            _ => false,
        };
    }

    private async Task RemoveAsync()
    {
        await CallAsync("remove", 0, wait: true);
        if (_world.Machine.Living.Count > 0 || _world.Now is not null)
        {
            throw new SimulationFailure($"it was removed, and something of it is left. {_world.Describe()}");
        }

        foreach (var folder in (string[])["instances", "revisions", "deployments"])
        {
            if (Directory.GetFileSystemEntries(Path.Combine(_world.State, folder)) is [var left, ..])
            {
                throw new SimulationFailure($"it was removed, and this is left in the state folder: {left}");
            }
        }
    }
}
