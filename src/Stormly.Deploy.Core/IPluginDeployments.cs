using System.Collections.Immutable;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Plans;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy;

/// <summary>Deploys plugins and says how they fare. All members may be called at the same time from any thread.</summary>
public interface IPluginDeployments
{
    /// <summary>
    /// Deploys what a source holds, and waits until the wanted number of its instances takes requests. A revision that serves already is left as it
    /// is. A new one comes in while the old one goes on serving; where it does not become ready it is taken away again and nothing else changes.
    /// </summary>
    /// <param name="source">The stage results, the manifest and the plugin's files.</param>
    /// <param name="cancellationToken">Gives up the wait; the deployment itself goes on.</param>
    /// <returns>The deployment once the revision serves.</returns>
    /// <exception cref="PluginSpecException">The results, the manifest or the folder cannot be deployed, or the backend cannot run that many; nothing was started.</exception>
    /// <exception cref="InstanceStartException">An instance did not become ready; carries the exit code and the last output lines.</exception>
    /// <exception cref="BackendUnavailableException">The backend cannot work.</exception>
    /// <exception cref="PluginDeploymentException">A newer deploy came in between, the plugin was removed, or the state folder cannot be written.</exception>
    Task<DeploymentSnapshot> DeployAsync(PluginSource source, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says what <see cref="DeployAsync"/> would do with a source, and what changes against the revision that is wanted now. Nothing is started, stored or
    /// noted; the answer holds for this moment.
    /// </summary>
    /// <param name="source">The stage results, the manifest and the plugin's files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The plan. A source that cannot be deployed is a plan to refuse it, with every problem, not an error.</returns>
    /// <exception cref="BackendUnavailableException">The backend cannot work.</exception>
    /// <exception cref="PluginDeploymentException">The plugin's folder or the state folder cannot be read.</exception>
    Task<DeploymentPlan> PlanAsync(PluginSource source, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads what a deployment comes from again, now, and deploys it where it differs, a revision that was given up before included. A folder (<c>AddPlugin</c>,
    /// <see cref="PluginSource.FromFolder"/>) is read whole again, also after a restart of the host application; of any other source its manifest and its
    /// files, until the host application ends. Where nothing differs, nothing is touched and a decision says so.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Gives up the wait; the deployment itself goes on.</param>
    /// <returns>The deployment once the revision serves.</returns>
    /// <exception cref="PluginSpecException">The folder is gone, or what was read cannot be deployed; carries all problems, and nothing was started.</exception>
    /// <exception cref="InstanceStartException">An instance did not become ready; carries the exit code and the last output lines.</exception>
    /// <exception cref="BackendUnavailableException">The backend cannot work.</exception>
    /// <exception cref="PluginDeploymentException">There is no such deployment, what it comes from is known no more, or a newer deploy came in between.</exception>
    Task<DeploymentSnapshot> RedeployAsync(string plugin, CancellationToken cancellationToken = default);

    /// <summary>Changes how many instances are wanted. Returns as soon as the number is stored; <see cref="WatchAsync"/> tells when it is reached.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="instances">The wanted number, 1 to 1000.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The deployment at that moment.</returns>
    /// <exception cref="PluginSpecException">The backend cannot run that many.</exception>
    /// <exception cref="PluginDeploymentException">There is no such deployment, or the state folder cannot be written.</exception>
#pragma warning disable RS0026 // A number and a range cannot be taken for each other.
    Task<DeploymentSnapshot> ScaleAsync(string plugin, int instances, CancellationToken cancellationToken = default);
#pragma warning restore RS0026

    /// <summary>
    /// Lets the number of instances follow the load within a range; an existing number stays as far as the range allows, until the load says otherwise. Returns as
    /// soon as the range is stored.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="range">Both ends; equal ends fix the number.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The deployment at that moment.</returns>
    /// <exception cref="PluginSpecException">The backend cannot run that many.</exception>
    /// <exception cref="PluginDeploymentException">The range is not a legal one, there is no such deployment, or the state folder cannot be written.</exception>
#pragma warning disable RS0026 // A number and a range cannot be taken for each other.
    Task<DeploymentSnapshot> ScaleAsync(string plugin, ScaleRange range, CancellationToken cancellationToken = default);
#pragma warning restore RS0026

    /// <summary>
    /// Goes back to a revision that is kept (<see cref="DeploymentSnapshot.Revisions"/>), with its own files and manifest, whatever became of the folder that
    /// it came from. It comes in as any deploy does. The revision that is left is not deployed again by itself, only by a call.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="to">The revision's digest or its beginning, e.g. <see cref="RevisionId.Short"/>; null for the one that served before.</param>
    /// <param name="cancellationToken">Gives up the wait; the rollback itself goes on.</param>
    /// <returns>The deployment once the revision serves.</returns>
    /// <exception cref="InstanceStartException">An instance did not become ready; carries the exit code and the last output lines.</exception>
    /// <exception cref="PluginSpecException">The backend cannot run that many instances of it.</exception>
    /// <exception cref="PluginDeploymentException">There is no such deployment or no such revision; the message lists what is kept.</exception>
    Task<DeploymentSnapshot> RollbackAsync(string plugin, string? to = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Holds the rollout that is under way, or else the next one: each revision keeps the number of instances that it has, failed ones are replaced by
    /// others of the same revision, no deadline runs, nothing is given up, and calls that wait for the rollout go on waiting. A deploy in the meantime
    /// changes what is wanted and waits as well; a change of the number of instances is shared out among the revisions at once; a rollback resumes. A
    /// pause survives the host application. Pausing what is paused changes nothing.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The deployment once the pause is stored.</returns>
    /// <exception cref="PluginDeploymentException">There is no such deployment, or the state folder cannot be written.</exception>
    Task<DeploymentSnapshot> PauseAsync(string plugin, CancellationToken cancellationToken = default);

    /// <summary>Lets rollouts go on; the one that was held gets its whole deadline again. Does not wait for it. Resuming what is not paused changes nothing.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The deployment once that is stored.</returns>
    /// <exception cref="PluginDeploymentException">There is no such deployment, or the state folder cannot be written.</exception>
    Task<DeploymentSnapshot> ResumeAsync(string plugin, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tries a new revision out beside the one that serves, on a share of the traffic, and waits until that share is routed. Where it does not become ready it
    /// is taken away again and nothing else changes. The same revision with another <see cref="CanarySpec"/> changes that; another revision takes the place of
    /// the canary that stands. A canary stands until it is promoted or aborted, by a call or by its rule, or until something else is deployed; it comes
    /// back after a restart of the host application.
    /// </summary>
    /// <param name="source">The new revision. The number of instances that it names does not matter: the deployment keeps its own.</param>
    /// <param name="canary">The share and the rule; null for 10 % and no rule.</param>
    /// <param name="cancellationToken">Gives up the wait; the canary itself goes on.</param>
    /// <returns>The deployment once the share is routed.</returns>
    /// <exception cref="PluginSpecException">The results, the manifest or the folder cannot be deployed; nothing was started.</exception>
    /// <exception cref="InstanceStartException">An instance did not become ready; carries the exit code and the last output lines.</exception>
    /// <exception cref="PluginDeploymentException">Nothing serves as a whole, rollouts are paused, the backend has no room, a number is out of its range, or the canary was aborted meanwhile.</exception>
    Task<DeploymentSnapshot> CanaryAsync(PluginSource source, CanarySpec? canary = null, CancellationToken cancellationToken = default);

    /// <summary>Gives a canary another share of the traffic, and waits until it is routed. A greater one only moves keys from the other side to the canary.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="sharePercent">The share in percent, from 0.1 to 99.9.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The deployment once the share is routed.</returns>
    /// <exception cref="PluginDeploymentException">There is no canary, the number is out of its range, or the canary was aborted meanwhile.</exception>
    Task<DeploymentSnapshot> SetCanaryShareAsync(string plugin, double sharePercent, CancellationToken cancellationToken = default);

    /// <summary>Lets a canary take the place of the revision that serves, and waits until it does. It is a rollout like any other, in which the canary's instances count.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Gives up the wait; the rollout itself goes on.</param>
    /// <returns>The deployment once the revision serves as a whole.</returns>
    /// <exception cref="InstanceStartException">An instance did not become ready; the revision before serves on.</exception>
    /// <exception cref="PluginDeploymentException">There is no canary, it gets no requests yet, or rollouts are paused.</exception>
    Task<DeploymentSnapshot> PromoteAsync(string plugin, CancellationToken cancellationToken = default);

    /// <summary>Gives all requests back to the revision that serves, at once; the canary's instances finish theirs and stop, and its revision counts as withdrawn.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="reason">Why, for the decision; null for no words.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The deployment once that is stored.</returns>
    /// <exception cref="PluginDeploymentException">There is no canary, or the state folder cannot be written.</exception>
    Task<DeploymentSnapshot> AbortAsync(string plugin, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Takes a deployment away: requests are refused at once, those under way may finish, all instances stop, and its state is deleted.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Gives up the wait; the removal itself goes on.</param>
    /// <returns>Whether there was such a deployment; completes when nothing of it runs any more.</returns>
    Task<bool> RemoveAsync(string plugin, CancellationToken cancellationToken = default);

    /// <summary>How a deployment fares now.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <returns>The snapshot, or null where there is no such deployment.</returns>
    DeploymentSnapshot? Get(string plugin);

    /// <summary>How all deployments fare now.</summary>
    /// <returns>One snapshot each, in the order of their names.</returns>
    ImmutableArray<DeploymentSnapshot> List();

    /// <summary>
    /// Follows a deployment: its state now, then every change. A reader that is slower than the changes skips to the newest. Ends when the deployment
    /// was removed; a deployment that is not there yet is waited for.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The snapshots.</returns>
    IAsyncEnumerable<DeploymentSnapshot> WatchAsync(string plugin, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows the decisions of a deployment: those that are kept (<c>Journal:Decisions</c>), of earlier runs of the host application too, then every new one, each once
    /// and in its order. A decision is told once it is stored, so that its number is never given to another one; while nothing can be stored none is told. A slow reader is not
    /// waited for: it reads on from what is kept on disk, and is told how many are not there any more. Ends when the deployment was removed; a deployment that is not there yet is
    /// waited for.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="after">Only decisions with a greater sequence, e.g. that of the one that was read last; 0 for all.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The decisions.</returns>
    /// <exception cref="PluginDeploymentException">Kept decisions cannot be read from the disk.</exception>
    IAsyncEnumerable<WatchedDecision> WatchDecisionsAsync(string plugin, long after = 0, CancellationToken cancellationToken = default);
}
