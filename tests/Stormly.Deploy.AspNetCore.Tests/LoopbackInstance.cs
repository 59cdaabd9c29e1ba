using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore;

/// <summary>One server of a <see cref="LoopbackHost"/>.</summary>
internal sealed class LoopbackInstance : IInstance
{
    private readonly TaskCompletionSource<InstanceExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ScriptedServer _server;

    public LoopbackInstance(InstanceId id, LoopbackHost host)
    {
        Id = id;
        _server = new ScriptedServer(c => c.Request.StartsWith("POST /status_check ", StringComparison.Ordinal) ? c.SendAsync(ScriptedServer.GoodAnswer) : host.OnRequest(this, c));
        Address = new InstanceAddress("127.0.0.1", _server.Port);
    }

    public InstanceId Id { get; }

    public InstanceAddress Address { get; }

    public Task<InstanceExit> Exited => _exited.Task;

    /// <summary>The requests that it got, status checks left out.</summary>
    public IEnumerable<string> Requests => _server.Requests.Where(r => !r.StartsWith("POST /status_check ", StringComparison.Ordinal));

    public string ReadOutputTail() => "";

    public ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken) => new(new ListenerCheck(ListenerVerdict.Ours));

    /// <summary>Ends as a killed process does: connections are cut, nobody listens any more.</summary>
    public async Task KillAsync()
    {
        await _server.DisposeAsync();
        _exited.TrySetResult(new InstanceExit { Cause = ExitCause.OnItsOwn, Signal = 9, Reason = "was killed by signal 9" });
    }

    public async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
    {
        await _server.DisposeAsync();
        _exited.TrySetResult(new InstanceExit { Cause = ExitCause.Stopped, Reason = "was stopped" });
        return await Exited;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
