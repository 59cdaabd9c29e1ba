using System.Buffers;
using System.Text;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.TestSupport;

/// <summary>Calls instances of an <see cref="InMemoryInstanceHost"/>.</summary>
internal sealed class InMemoryCaller(InMemoryInstanceHost host, TimeProvider time) : IInstanceCaller
{
    /// <summary>Calls of this path are requests, all others status checks.</summary>
    public const string RequestPath = "/predict";

    public async ValueTask<CallOutcome> PostAsync(InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
    {
        if (host.Find(address) is not { } instance)
        {
            return CallOutcome.Failed(CallResult.NotConnected, "connection refused");
        }

        var status = path == RequestPath && instance.Status == 200 ? instance.RequestStatus : instance.Status;
        if (path != RequestPath)
        {
            instance.NoteCheck(Encoding.UTF8.GetString(body.Span));
        }

        switch (status)
        {
            case 0:
                return CallOutcome.Failed(CallResult.NotConnected, "connection refused");
            case < 0:
                await Task.Delay(limits.Timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return CallOutcome.Failed(cancellationToken.IsCancellationRequested ? CallResult.Cancelled : CallResult.TimedOut, "no answer in time");
            default:
                if (path == RequestPath && instance.RequestTakes > TimeSpan.Zero)
                {
                    await Task.Delay(instance.RequestTakes, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                var answer = ArrayPool<byte>.Shared.Rent(2);
                "{}"u8.CopyTo(answer);
                return CallOutcome.Answered(status, answer, 2);
        }
    }
}
