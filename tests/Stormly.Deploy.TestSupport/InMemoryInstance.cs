using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.TestSupport;

/// <summary>An instance whose answers, exit and listener are set by the test.</summary>
public sealed class InMemoryInstance : IInstance
{
    private readonly TaskCompletionSource<InstanceExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InMemoryInstanceHost _host;
    private readonly TimeProvider _time;
    private int _stops;

    internal InMemoryInstance(InMemoryInstanceHost host, InstanceSpec spec, InstanceAddress address, TimeProvider time)
    {
        _host = host;
        _time = time;
        Spec = spec;
        Address = address;
        Manifest = File.Exists(spec.ManifestFile) ? File.ReadAllText(spec.ManifestFile) : "";
    }

    /// <summary>The same instance in the hands of the next run; the old hands reach it no more.</summary>
    internal InMemoryInstance(InMemoryInstanceHost host, InMemoryInstance old, TimeProvider time)
        : this(host, old.Spec, old.Address, time)
    {
        (Status, RequestStatus, Listener, Tail, StopTakes, AdoptedFrom) = (old.Status, old.RequestStatus, old.Listener, old.Tail, old.StopTakes, old);
        old.Leave();
    }

    public InstanceSpec Spec { get; }

    /// <summary>The same instance in the run before; null where this run started it.</summary>
    public InMemoryInstance? AdoptedFrom { get; }

    /// <summary>Whether it was left running on purpose.</summary>
    public bool LetGo { get; private set; }

    public InstanceId Id => Spec.Id;

    public InstanceAddress Address { get; }

    /// <summary>What stood in its manifest file when it started.</summary>
    public string Manifest { get; }

    /// <summary>The code of its status checks; 0 refuses connections, -1 never answers.</summary>
    public int Status { get; set; } = 200;

    /// <summary>The code of its answers to requests, whatever its status checks say.</summary>
    public int RequestStatus { get; set; } = 200;

    /// <summary>How long it takes for an answer to a request.</summary>
    public TimeSpan RequestTakes { get; set; }

    public ListenerCheck Listener { get; set; } = new(ListenerVerdict.Ours);

    public string Tail { get; set; } = "";

    /// <summary>How long it takes to end after it was asked to.</summary>
    public TimeSpan StopTakes { get; set; }

    /// <summary>What its stop throws; null ends it.</summary>
    public Exception? StopError { get; set; }

    /// <summary>How many status checks it got.</summary>
    public int Checks { get; private set; }

    /// <summary>The body of its last status check.</summary>
    public string LastBody { get; private set; } = "";

    public int Stops => Volatile.Read(ref _stops);

    public bool IsGone { get; private set; }

    public Task<InstanceExit> Exited => _exited.Task;

    public string ReadOutputTail() => Tail;

    public ValueTask<ListenerCheck> CheckListenerAsync(CancellationToken cancellationToken) => new(Listener);

    /// <summary>Ends it by itself.</summary>
    /// <param name="code">The exit code; null for a signal.</param>
    /// <param name="cause">The kind of end.</param>
    public void Exit(int? code, ExitCause cause = ExitCause.OnItsOwn)
    {
        Leave();
        var reason = code is null ? "was killed by signal 9" : $"ended by itself with exit code {code}";
        _exited.TrySetResult(new InstanceExit { ExitCode = code, Signal = code is null ? 9 : null, Cause = cause, Reason = reason, OutputTail = Tail });
    }

    public ValueTask LetGoAsync()
    {
        LetGo = true;
        return ValueTask.CompletedTask;
    }

    public async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
    {
        if (_host.Crashed)
        {
            _exited.TrySetResult(new InstanceExit { Cause = ExitCause.Stopped, Reason = "is out of reach" });
            return await Exited;
        }

        Interlocked.Increment(ref _stops);
        if (StopTakes > TimeSpan.Zero && !force.IsCancellationRequested)
        {
            await Task.Delay(StopTakes < grace ? StopTakes : grace, _time, force).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (StopError is { } error)
        {
            throw error;
        }

        Leave();
        _exited.TrySetResult(new InstanceExit { Cause = ExitCause.Stopped, Reason = "was stopped" });
        return await Exited;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Ends it without a word.</summary>
    internal void End() => Leave();

    internal void NoteCheck(string body)
    {
        Checks++;
        LastBody = body;
    }

    private void Leave()
    {
        IsGone = true;
        _host.OnGone(this);
    }
}
