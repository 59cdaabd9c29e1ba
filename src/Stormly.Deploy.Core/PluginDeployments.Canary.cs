using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Canaries: a revision that is tried out on a share of the traffic.</content>
internal sealed partial class PluginDeployments
{
    public async Task<DeploymentSnapshot> CanaryAsync(PluginSource source, CanarySpec? canary = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        canary ??= new CanarySpec();
        Check(source.Name.Value, canary);
        var fleet = await EnsureBackendAsync(cancellationToken).ConfigureAwait(false);
        Task<DeploymentSnapshot> call;
        using (await _gates.EnterAsync(source.Name, cancellationToken).ConfigureAwait(false))
        {
            var controller = fleet.Find(source.Name.Value)
                ?? throw new PluginDeploymentException($"Nothing of plugin '{source.Name}' is deployed that a revision could be tried out beside. Deploy a first one with DeployAsync.");
            var prepared = await PrepareAsync(fleet, source with { Instances = null, Scale = null }, cancellationToken).ConfigureAwait(false);
            await using var room = prepared.ConfigureAwait(false);
            var (goal, revision, _) = prepared;
            controller.Add(revision);
            call = controller.CallAsync(ticket => new DeploymentEvent.CanaryWanted(goal, canary, [ticket]));
        }

        return await WaitAsync(call, cancellationToken).ConfigureAwait(false);
    }

    public Task<DeploymentSnapshot> SetCanaryShareAsync(string plugin, double sharePercent, CancellationToken cancellationToken = default)
    {
        Check(plugin, new CanarySpec { SharePercent = sharePercent });
        return TellAsync(plugin, ticket => new DeploymentEvent.CanaryShareWanted(sharePercent, [ticket]), cancellationToken);
    }

    public Task<DeploymentSnapshot> PromoteAsync(string plugin, CancellationToken cancellationToken = default)
        => TellAsync(plugin, static ticket => new DeploymentEvent.PromoteWanted([ticket]), cancellationToken);

    public Task<DeploymentSnapshot> AbortAsync(string plugin, string? reason = null, CancellationToken cancellationToken = default)
        => TellAsync(plugin, ticket => new DeploymentEvent.AbortWanted(reason is null ? null : PrintableText.Escape(reason, maxLength: 200), [ticket]), cancellationToken);

    /// <summary>What was tried out when the host application ended, and comes back.</summary>
    private static RevisionId? StoredCanaryOf(DeploymentFleet fleet, DeploymentController controller)
        => fleet.Stored.TryGetValue(controller.Plugin.Value, out var stored) && stored.Document.Canary is { } canary ? new RevisionId(canary.Revision) : null;

    private static void Check(string plugin, CanarySpec canary)
    {
        var rules = new OptionRules();
        canary.Check("canary", rules);
        if (rules.Problems.Count > 0)
        {
            throw new PluginDeploymentException($"Plugin '{PrintableText.Escape(plugin, maxLength: 100)}' cannot be tried out like this: {string.Join("; ", rules.Problems)}.");
        }
    }
}
