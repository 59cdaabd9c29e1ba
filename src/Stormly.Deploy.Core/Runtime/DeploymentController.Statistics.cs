using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>What was learned of features reaches the revisions that are in use: checks, status checks, defaults and pages. The revisions themselves stay what they are.</content>
internal sealed partial class DeploymentController
{
    /// <summary>Brings what is known of features up to date for every revision that is in use.</summary>
    /// <returns>A task that completes when it will be done.</returns>
    public async Task RenewAsync()
    {
        var state = Volatile.Read(ref _state);
        foreach (var (id, revision) in _revisions.Where(r => IsUsed(state, r.Key)))
        {
            if (_services.Learning?.Renew(revision) is { } newer && _revisions.TryUpdate(id, newer, revision))
            {
                await TellAsync(new DeploymentEvent.Renewed(id)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Any other one is made anew, with what is known then, before it is used.</summary>
    private static bool IsUsed(DeploymentState state, RevisionId id)
        => state.Goal?.Revision == id || state.Stable?.Revision == id || state.Canary?.Revision == id || state.Instances.Any(i => i.Revision == id);

    private void Renew(DeploymentEvent.Renewed renewed)
    {
        if (FindRevision(renewed.Revision) is { } revision)
        {
            foreach (var runner in _runners.Values.Where(r => r.Revision == renewed.Revision))
            {
                runner.Use(revision);
            }

            PublishRoute(_clock.Now.Uptime);
        }
    }
}
