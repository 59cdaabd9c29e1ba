using System.Collections.Concurrent;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>Instances of an earlier run of the host application.</content>
internal sealed partial class DeploymentController
{
    private readonly ConcurrentDictionary<InstanceId, Survivor> _survivors = new();

    /// <summary>Whether instances of an earlier run were handed over to this deployment.</summary>
    public bool HasSurvivors { get; private set; }

    /// <summary>Hands an instance over that the backend has taken over. Before anything else is told, so that it is counted before anything is started.</summary>
    /// <param name="survivor">The instance.</param>
    /// <param name="revision">What it runs.</param>
    /// <returns>Whether the controller will read it; where it has ended, the instance is nobody's.</returns>
    public Task<bool> AdoptAsync(Survivor survivor, RunnableRevision revision)
    {
        Add(revision);
        HasSurvivors = true;
        _survivors[survivor.Instance.Id] = survivor;
        return TellAsync(new DeploymentEvent.Adopted(
            survivor.Instance.Id, survivor.Revision.Id, survivor.Instance.Address.ToString(), survivor.Note.StartedAt, survivor.Note.ReadyAt is not null));
    }

    private void TakeOver(DeploymentEffect.TakeOver effect)
    {
        if (_survivors.TryRemove(effect.Id, out var survivor) && FindRevision(effect.Revision) is { } revision)
        {
            var runner = new InstanceRunner(effect.Id, revision, _services, _clock, TellAsync, _over.Token);
            runner.Adopt(survivor);
            _runners[effect.Id] = runner;
            Run(runner, r => r.WatchAsync());
        }
    }
}
