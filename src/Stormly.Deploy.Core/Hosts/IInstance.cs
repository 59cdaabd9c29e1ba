using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>One running instance in the hands of its backend. All members may be called at the same time from any thread.</summary>
public interface IInstance : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    InstanceId Id { get; }

    /// <summary>Where requests and status checks go.</summary>
    InstanceAddress Address { get; }

    /// <summary>
    /// Completes once, and never fails, when the instance ended: by itself, or because it was stopped. It completes on the end of the plugin's
    /// own command, even where something that the command left in the background still lives; <see cref="StopAsync"/> ends that.
    /// </summary>
    Task<InstanceExit> Exited { get; }

    /// <summary>The last lines of standard output and error together, bounded, printable. Cheap enough for every error message.</summary>
    /// <returns>The text, empty where nothing was written.</returns>
    string ReadOutputTail();

    /// <summary>
    /// Answers who listens at <see cref="Address"/>. Asked once a status check was answered, before the instance is believed to be ready,
    /// and when the start deadline passed without an answer.
    /// </summary>
    /// <param name="cancellationToken">Gives up the question.</param>
    /// <returns>What was found. A backend whose network is private to the instance answers <see cref="ListenerVerdict.Ours"/>.</returns>
    ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Ends the instance with everything that it started: politely first, by force when the grace has passed. Idempotent; a second call
    /// waits for the same end.
    /// </summary>
    /// <param name="grace">How long it may take to end by itself; zero means force at once.</param>
    /// <param name="force">When it is cancelled the rest of the grace is skipped. The wait for the end itself cannot be cancelled: it is bounded.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="PluginDeploymentException">Something of it still lives after force and a bounded wait; the message says what.</exception>
    Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force);

    /// <summary>
    /// Lets go of the instance without ending it: it lives on as if the host application were gone, and the next run can adopt it. After that nothing
    /// else of it is called. Asked only of instances that <see cref="InstanceSpec.OutlivesHost"/> was said of, and that nobody stops.
    /// </summary>
    /// <returns>A task that completes when the instance depends on this process in nothing any more.</returns>
    /// <exception cref="NotSupportedException">The backend cannot; it must be able to where its capabilities name adoption.</exception>
    ValueTask LetGoAsync() => throw new NotSupportedException($"Instance '{Id}' cannot live on without the host application: its backend does not implement {nameof(LetGoAsync)}.");
}
