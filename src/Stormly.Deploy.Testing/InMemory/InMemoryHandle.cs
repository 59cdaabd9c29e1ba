using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Testing;

/// <summary>An instance in the hands of one run of a host application. When that is gone, its hands reach nothing any more, whatever they still try.</summary>
internal sealed class InMemoryHandle : IInstance
{
    private readonly InMemoryInstanceHost _host;
    private readonly TaskCompletionSource<InstanceExit> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InMemoryHandle(InMemoryInstanceHost host, InMemoryInstance instance)
    {
        (_host, Instance) = (host, instance);
        Exited = WatchAsync();
    }

    public InMemoryInstance Instance { get; }

    public InstanceId Id => Instance.Id;

    public InstanceAddress Address => Instance.Address;

    public Task<InstanceExit> Exited { get; }

    private bool Reaches => !_host.IsCrashed && Instance.Host == _host;

    public string ReadOutputTail() => Instance.ReadOutputTail();

    public ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken) => new(Instance.FindListener());

    public async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
    {
        var exit = Reaches
            ? await Instance.StopAsync(grace, force).ConfigureAwait(false)
            : new InstanceExit { Cause = ExitCause.Stopped, Reason = "is out of reach: its host application is gone" };

        // Also where the host application was gone before it could see the end: whoever waits for what it asked for comes to an end.
        _stopped.TrySetResult(exit);
        return await Exited.ConfigureAwait(false);
    }

    public ValueTask LetGoAsync()
    {
        Instance.LetGo();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends it by force, unless it was let go, is in other hands, or cannot be stopped at all.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Reaches && !Instance.IsLetGo && !Instance.IsGone && Instance.StopError is null)
        {
            await StopAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>A host application that is gone learns of nothing but the end of its own calls.</summary>
    private async Task<InstanceExit> WatchAsync()
    {
        await Task.WhenAny(Instance.Ended, _stopped.Task).ConfigureAwait(false);
        return await (_host.IsCrashed || _stopped.Task.IsCompleted ? _stopped.Task : Instance.Ended).ConfigureAwait(false);
    }
}
