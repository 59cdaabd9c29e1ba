namespace Stormly.Deploy.Hosts;

/// <summary>
/// A backend: it knows how to start one instance of a plugin somewhere, and how to stop it completely. It takes no decisions about health,
/// number or time of starts; those are the library's. All members may be called at the same time from any thread.
/// </summary>
public interface IInstanceHost : IAsyncDisposable
{
    /// <summary>The backend's short name in messages and records, e.g. <c>process</c>.</summary>
    string Kind { get; }

    /// <summary>What this backend can do beyond the least.</summary>
    InstanceHostCapabilities Capabilities { get; }

    /// <summary>
    /// Asked before anything is started: can this plugin run here, and how many instances of it at once? It must not start anything.
    /// </summary>
    /// <param name="plan">What would be started.</param>
    /// <param name="cancellationToken">Gives up the question.</param>
    /// <returns>The answer, with a reason in words wherever it is not "as many as you like".</returns>
    /// <exception cref="BackendUnavailableException">The backend itself cannot work on this machine; lists what was tried.</exception>
    ValueTask<PlacementAnswer> CheckPlacementAsync(PlacementPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// Starts one instance and returns as soon as it runs; that it listens or answers is not waited for. When this throws or is cancelled
    /// nothing of the instance is left running.
    /// </summary>
    /// <param name="spec">What to start, and in which folder.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The running instance.</returns>
    /// <exception cref="InstanceStartException">This start failed.</exception>
    /// <exception cref="BackendUnavailableException">The backend itself cannot work at the moment; lists what was tried.</exception>
    Task<IInstance> StartAsync(InstanceSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// Called once, before the first start: finds what an earlier run of the same host application left behind under the given folder, takes
    /// over what is to be adopted and ends the rest, each with proof that it really is what the record says. Never touches anything else.
    /// </summary>
    /// <param name="request">Where the records are and what to adopt.</param>
    /// <param name="cancellationToken">Gives up; what is not ended by then is found again at the next start.</param>
    /// <returns>What was adopted, what was ended, and what was left alone for want of proof.</returns>
    Task<HostRecoveryReport> RecoverAsync(HostRecoveryRequest request, CancellationToken cancellationToken);
}
