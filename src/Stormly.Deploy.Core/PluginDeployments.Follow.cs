using System.Collections.Concurrent;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;
using Stormly.Deploy.Plans;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Stages;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <content>Deployments that follow the folder that they come from.</content>
internal sealed partial class PluginDeployments
{
    private readonly ConcurrentDictionary<PluginName, SourceFollower> _followers = new();
    private readonly ConcurrentDictionary<SourceFollower, Task> _ending = new();

    /// <summary>Follows the folder that a deployment comes from now; none where it comes from code, or is not to be followed. Called within the plugin's gate.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="controller">The deployment.</param>
    /// <param name="mark">How the folder looked just before it was read; null where it was not.</param>
    /// <param name="conclusion">What is known of it; null where it was not read.</param>
    private void Follow(DeploymentFleet fleet, DeploymentController controller, string? mark, FollowConclusion? conclusion)
    {
        var before = Unfollow(controller.Plugin);
        var named = registrations.FirstOrDefault(r => r.Name == controller.Plugin)?.Options;
        var options = named?.Follow ?? starter.Options.Follow;
        if (!_sources.TryGetValue(controller.Plugin, out var source) || source is not { Folder: not null, Follow: true })
        {
            options = new FollowOptions { Enabled = false, Quiet = options.Quiet, Patience = options.Patience };
        }

        if (source is null || !(options.Enabled || named?.Redeploy is not null) || _end.IsCancellationRequested)
        {
            _ = ClearAsync(controller, before);
            return;
        }

        _followers[controller.Plugin] = new SourceFollower(controller.Plugin, new FollowerSpec
        {
            After = before,
            Folder = source.Folder ?? source.Asked!.Folder,
            Options = options,
            Watcher = starter.Watcher,
            Time = fleet.Services.Time,
            Logger = fleet.Services.Logger,
            Mark = mark,
            Conclusion = conclusion,
            Schedule = named?.Redeploy,
            LastRun = controller.Source?.LastRun,
            Ran = at => KeepRunAsync(controller, at),
            Read = token => ReadSourceAsync(fleet, controller, source, token),
            Tell = (view, report) => controller.TellAsync(new DeploymentEvent.SourceSeen(view, report?.What, report?.Why ?? "", report?.Trouble ?? false)),
        });
        if (_end.IsCancellationRequested)
        {
            _ = Unfollow(controller.Plugin);
        }
    }

    /// <summary>Nothing is followed any more; what the follower before still had to say comes first.</summary>
    private async Task ClearAsync(DeploymentController controller, Task before)
    {
        await before.ConfigureAwait(false);
        await controller.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
        if (controller.Snapshot.Source is not null && !_followers.ContainsKey(controller.Plugin))
        {
            await controller.TellAsync(new DeploymentEvent.SourceSeen(null)).ConfigureAwait(false);
        }
    }

    private static async Task KeepRunAsync(DeploymentController controller, DateTimeOffset at)
    {
        if (controller.Source is not null)
        {
            controller.ChangeSource(now => now is null ? null : now with { LastRun = at });
            await controller.TellAsync(new DeploymentEvent.SourceKept()).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the following. It may be waiting for the gate that is held here, so it must not be waited for within.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>A task that completes when it has ended.</returns>
    private Task Unfollow(PluginName plugin)
    {
        if (_followers.TryRemove(plugin, out var follower))
        {
            follower.Stop();
            _ending[follower] = follower.Over;
            _ = follower.Over.ContinueWith(_ => _ending.TryRemove(follower, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return follower.Over;
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends every following.</summary>
    /// <param name="force">When it is cancelled, a file system that does not answer is waited for no longer.</param>
    /// <returns>A task.</returns>
    private async Task UnfollowAllAsync(CancellationToken force)
    {
        foreach (var plugin in _followers.Keys)
        {
            _ = Unfollow(plugin);
        }

        await Task.WhenAll(_ending.Values).WaitAsync(force).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Reads the folder and deploys what differs, unless something speaks against doing that by itself.</summary>
    private async Task<FollowConclusion> ReadSourceAsync(DeploymentFleet fleet, DeploymentController controller, SourceMemory memory, CancellationToken cancellationToken)
    {
        using var pass = await _gates.EnterAsync(controller.Plugin, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await controller.CatchUpAsync(cancellationToken).ConfigureAwait(false);
        var before = controller.Snapshot.WantedRevision;
        FollowConclusion conclusion;
        try
        {
            conclusion = await TakeUpAsync(fleet, controller, memory, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is PluginDeploymentException || StorageException.IsDiskError(error))
        {
            conclusion = ProblemOf(error);
        }

        fleet.Services.Metrics.SourceRead(controller.Plugin, OutcomeOf(conclusion, before));
        return conclusion;
    }

    private static string OutcomeOf(FollowConclusion conclusion, RevisionId? before) => conclusion.State switch
    {
        SourceState.InStep => conclusion.Revision == before ? "in_step" : "deployed",
        SourceState.Changing => "changing",
        SourceState.Held => "held",
        _ => "unusable",
    };

    private static FollowConclusion ProblemOf(Exception error) => error is PluginSpecException { Problems: var problems }
        ? SourceProblems.Tell(problems)
        : FollowConclusion.Unusable(error.Message, error.GetType().Name);

    private async Task<FollowConclusion> TakeUpAsync(DeploymentFleet fleet, DeploymentController controller, SourceMemory memory, CancellationToken cancellationToken)
    {
        var (source, content) = await ReadContentAsync(memory, cancellationToken).ConfigureAwait(false);
        var now = controller.Snapshot;
        var wanted = now.WantedRevision is { } id ? controller.FindRevision(id)?.Stored : null;
        if (wanted is not null && SourceProblems.FindMissing(wanted.Spec, content.Manifest, [.. source.Results.Select(r => r.Stage)]) is { } missing)
        {
            return missing;
        }

        fleet.Services.Revisions.RequireApart(content.Folder);
        var (found, runtime) = await Task.Run(() => VerifiedCopy.Digest(content, cancellationToken), cancellationToken).ConfigureAwait(false);
        var size = SizeOf(controller.Plugin, controller.Goal);
        if (controller.Foresee(size.ToGoal(found, size.Most, "") with { Runtime = runtime }) is PlanAction.Nothing or PlanAction.Scale)
        {
            return FollowConclusion.InStep(found);
        }

        if (ByItself.WhyNot(now.Revisions, found, now.Canary?.Revision) is { } why)
        {
            return FollowConclusion.Held(found, why);
        }

        await using var room = fleet.ClaimRoom(controller.Plugin, size.Least, size.MemoryBytes).ConfigureAwait(false);
        var goal = await Placement.CheckAsync(fleet.Services.Host, controller.Plugin, content.Spec, found, size, cancellationToken).ConfigureAwait(false);
        using var draft = await VerifiedCopy.TakeAsync(
            fleet.Services.Revisions, content, async token => (await ReadContentAsync(memory, token).ConfigureAwait(false)).Content, cancellationToken).ConfigureAwait(false);
        if (draft is null)
        {
            return FollowConclusion.ChangedMeanwhile;
        }

        var stored = fleet.Services.Revisions.Keep(draft);
        controller.Add(SourceReader.MakeRunnable(stored, starter.Options.Requests, starter.Features, source.Manifest));
        await controller.TellAsync(new DeploymentEvent.Noted(
            DecisionKind.Follow, stored.Id.Short, $"deploy revision {stored.Id.Short} by itself", $"the plugin's folder '{content.Folder}' has changed and holds it now")).ConfigureAwait(false);
        var first = now.Revisions.All(r => r.ServedAt is null);
        await controller.TellAsync(new DeploymentEvent.DeployWanted(goal with { Revision = stored.Id, Runtime = stored.RuntimeDigest }, [], KeepTrying: first)).ConfigureAwait(false);
        return FollowConclusion.InStep(stored.Id);
    }

    private static async Task<(PluginSource Source, RevisionContent Content)> ReadContentAsync(SourceMemory memory, CancellationToken cancellationToken)
    {
        var source = await Task.Run(memory.Read, cancellationToken).ConfigureAwait(false);
        return (source, await SourceReader.ReadAsync(source, cancellationToken).ConfigureAwait(false));
    }
}
