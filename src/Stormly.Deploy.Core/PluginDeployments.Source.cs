using System.Collections.Concurrent;
using System.Collections.Immutable;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Where revisions come from, remembered so that they can come from there again.</content>
internal sealed partial class PluginDeployments
{
    private readonly ConcurrentDictionary<PluginName, SourceMemory> _sources = new();

    public async Task<DeploymentSnapshot> RedeployAsync(string plugin, CancellationToken cancellationToken = default)
    {
        var fleet = await EnsureBackendAsync(cancellationToken).ConfigureAwait(false);
        var name = PluginName.Parse(plugin);
        Task<DeploymentSnapshot> call;
        using (await _gates.EnterAsync(name, cancellationToken).ConfigureAwait(false))
        {
            var controller = fleet.Find(plugin) ?? throw new PluginDeploymentException($"There is no deployment of plugin '{plugin}'.");
            var memory = _sources.GetValueOrDefault(name) ?? throw new PluginDeploymentException(
                $"Plugin '{plugin}' cannot be redeployed: what it was deployed from is known no more, because code of an earlier run of the host application gave it. Call DeployAsync with its source.");
            var source = await Task.Run(memory.Read, cancellationToken).ConfigureAwait(false);
            var prepared = await PrepareAsync(fleet, source, cancellationToken).ConfigureAwait(false);
            await using var room = prepared.ConfigureAwait(false);
            var (goal, revision, _) = prepared;
            controller.Add(revision);
            Follow(fleet, controller, source.Mark, FollowConclusion.InStep(goal.Revision));
            call = controller.DeployAsync(goal);
        }

        return await WaitAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a deployment has; where nothing of it is wanted, what was asked for last: a first revision that could not be deployed comes in that number once it can.</summary>
    private FleetSize SizeOf(PluginName plugin, FleetGoal? now) => now is null && _sources.TryGetValue(plugin, out var source) ? source.Size : FleetSize.Of(now);

    /// <summary>From now on the deployment's next revision comes from here.</summary>
    private void Remember(DeploymentController controller, SourceMemory source)
    {
        _sources[controller.Plugin] = source;
        controller.ChangeSource(before => source.Stored is { } stored ? stored with { LastRun = before?.LastRun } : null);
    }

    /// <summary>What is named at the start of the host application wins over what is stored; a source that only code knew is known no more.</summary>
    private void RememberAtStart(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration)
    {
        var known = fleet.Stored.GetValueOrDefault(controller.Plugin.Value);
        controller.ChangeSource(_ => known?.Document.Source);
        if (registration is not null)
        {
            var options = registration.Options;
            var environment = options.Environment.ToImmutableDictionary(StringComparer.Ordinal);
            Remember(controller, new SourceMemory(registration.Name, registration.Folder, environment, null, FleetSize.AskedBy(options), options.Follow?.Enabled ?? true));
        }
        else if (controller.Source is { } source && (known!.Revision ?? known.Coming) is { } revision)
        {
            var size = FleetSize.Of((known.Document.Serves ?? known.Document.Rollout)!, null, null);
            Remember(controller, new SourceMemory(controller.Plugin, source.Folder, revision.Environment, null, size, source.Follow));
        }
    }
}
