using System.Text;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Testing;

/// <summary>
/// Calls the instances of one machine. What needs no time is answered in the caller's own thread: however far a played clock is moved meanwhile, no
/// call takes too long unless it is meant to.
/// </summary>
internal sealed class InMemoryCaller(InMemoryMachine machine) : IInstanceCaller
{
    public async ValueTask<CallOutcome> PostAsync(InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return CallOutcome.Failed(CallResult.Cancelled, "the caller gave up");
        }

        if (machine.Find(address) is not { } instance)
        {
            return Refused();
        }

        var answer = instance.Hear(new InMemoryRequest(path, Encoding.UTF8.GetString(body.Span)));
        return answer.After > TimeSpan.Zero && await WaitAsync(instance, answer.After, limits.Timeout, cancellationToken).ConfigureAwait(false) is { } failure
            ? failure
            : Give(answer, limits);
    }

    private static async ValueTask<CallOutcome?> WaitAsync(InMemoryInstance instance, TimeSpan takes, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var late = takes >= limit;
        await Task.WhenAny(Task.Delay(late ? limit : takes, instance.Time, over.Token), instance.Ended).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        return cancellationToken.IsCancellationRequested ? CallOutcome.Failed(CallResult.Cancelled, "the caller gave up")
            : instance.IsGone ? CallOutcome.Failed(CallResult.ConnectionLost, "the connection was lost: the instance ended")
            : late ? CallOutcome.Failed(CallResult.TimedOut, "no answer in time")
            : null;
    }

    private static CallOutcome Give(InMemoryAnswer answer, CallLimits limits)
    {
        if (answer.Way != InMemoryAnswer.Ways.Answer)
        {
            return answer.Way == InMemoryAnswer.Ways.Refuse ? Refused() : CallOutcome.Failed(CallResult.ConnectionLost, "the connection was lost");
        }

        var body = Encoding.UTF8.GetBytes(answer.Body);
        return body.Length > limits.MaxResponseBytes
            ? CallOutcome.Failed(CallResult.TooLarge, $"the answer is larger than {limits.MaxResponseBytes} bytes")
            : CallOutcome.Answered(answer.StatusCode, body);
    }

    private static CallOutcome Refused() => CallOutcome.Failed(CallResult.NotConnected, "connection refused");
}
