using System.Globalization;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing;

/// <content>Its end, and the hands that it goes through.</content>
public sealed partial class InMemoryInstance
{
    private readonly TaskCompletionSource<InstanceExit> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _force = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stops;
    private int _asked;

    /// <summary>How long it takes to end when it is asked to, by the host's clock. Default 0. Longer than the grace: it is ended by force.</summary>
    public TimeSpan StopTakes { get; set; }

    /// <summary>What a stop of it fails with, although it lives on: a lost stop. Default null.</summary>
    public Exception? StopError { get; set; }

    /// <summary>Called when it is asked to end, once: what a plugin does on SIGTERM. Default: nothing.</summary>
    public Action<InMemoryInstance> OnStop { get; set; } = static _ => { };

    /// <summary>Whether it has ended.</summary>
    public bool IsGone => _ended.Task.IsCompleted;

    /// <summary>How often its stop was asked for.</summary>
    public int Stops => Volatile.Read(ref _stops);

    /// <summary>How often a later run of a host application took it over.</summary>
    public int Adoptions { get; private set; }

    /// <summary>Whether its host application left it running on purpose.</summary>
    public bool IsLetGo { get; private set; }

    /// <summary>Completes when it has ended.</summary>
    internal Task<InstanceExit> Ended => _ended.Task;

    /// <summary>Ends it by itself.</summary>
    /// <param name="code">The exit code.</param>
    public void Exit(int code)
        => End(new InstanceExit { ExitCode = code, Cause = ExitCause.OnItsOwn, Reason = string.Create(CultureInfo.InvariantCulture, $"ended by itself with exit code {code}") });

    /// <summary>Ends it as a signal does: <c>kill -9</c>, or want of memory.</summary>
    /// <param name="signal">The signal's number.</param>
    public void Kill(int signal = 9)
        => End(new InstanceExit { Signal = signal, Cause = ExitCause.OnItsOwn, Reason = string.Create(CultureInfo.InvariantCulture, $"was killed by signal {signal}") });

    /// <summary>Ends it in any other way, e.g. because somebody took its port.</summary>
    /// <param name="exit">The end. The last output is added where there is none.</param>
    public void End(InstanceExit exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        Host.Machine.Leave(this);
        if (_ended.TrySetResult(exit.OutputTail.Length > 0 ? exit : exit with { OutputTail = ReadOutputTail() }))
        {
            Host.Lost();
        }
    }

    internal void LetGo() => IsLetGo = true;

    /// <summary>Goes into the hands of the next run.</summary>
    internal void GoTo(InMemoryInstanceHost next) => (Host, IsLetGo, Adoptions) = (next, false, Adoptions + 1);

    internal async Task<InstanceExit> StopAsync(TimeSpan grace, CancellationToken force)
    {
        Interlocked.Increment(ref _stops);
        if (IsGone)
        {
            return await Ended.ConfigureAwait(false);
        }

        if (Interlocked.Exchange(ref _asked, 1) == 0)
        {
            OnStop(this);
        }

        var polite = StopTakes <= grace;
        await WaitAsync(polite ? StopTakes : grace, force).ConfigureAwait(false);
        if (StopError is { } error)
        {
            throw error;
        }

        End(polite && !_force.Task.IsCompleted
            ? new InstanceExit { ExitCode = 0, Cause = ExitCause.Stopped, Reason = "was stopped" }
            : new InstanceExit { Signal = 9, Cause = ExitCause.Stopped, Reason = "was stopped by force" });
        return await Ended.ConfigureAwait(false);
    }

    /// <summary>The end itself, or anybody's word to be quick, cuts every stop's wait short.</summary>
    private async Task WaitAsync(TimeSpan time, CancellationToken force)
    {
        if (time <= TimeSpan.Zero)
        {
            return;
        }

        using var over = new CancellationTokenSource();
        await using var quick = force.UnsafeRegister(static forced => ((TaskCompletionSource)forced!).TrySetResult(), _force).ConfigureAwait(false);
        await Task.WhenAny(Task.Delay(time, Time, over.Token), _force.Task, Ended).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }
}
