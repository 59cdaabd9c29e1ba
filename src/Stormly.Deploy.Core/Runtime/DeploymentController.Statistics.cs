namespace Stormly.Deploy.Runtime;

/// <content>What was learned of features reaches the revisions that are in use: checks, status checks, defaults and pages. The revisions themselves stay what they are.</content>
internal sealed partial class DeploymentController
{
    /// <summary>Brings what is known of features up to date for every revision that is in use.</summary>
    /// <returns>A task that completes when it will be done.</returns>
    public async Task RenewAsync()
    {
        foreach (var (id, revision) in _revisions)
        {
            if (_services.Learning?.Renew(revision) is { } newer && _revisions.TryUpdate(id, newer, revision))
            {
                await TellAsync(new DeploymentEvent.Renewed(id)).ConfigureAwait(false);
            }
        }
    }

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
