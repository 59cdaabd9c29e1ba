using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Routing;

/// <summary>Instances without a network: each port answers as the test says, and every call is kept.</summary>
internal sealed class ScriptedCaller : IInstanceCaller
{
    private readonly ConcurrentDictionary<int, Func<CancellationToken, Task<CallOutcome>>> _answers = new();

    public ConcurrentQueue<(int Port, string Path, string Body)> Calls { get; } = new();

    public void Answer(int port, Func<CallOutcome> answer) => _answers[port] = _ => Task.FromResult(answer());

    public void Answer(int port, Func<CancellationToken, Task<CallOutcome>> answer) => _answers[port] = answer;

    public static CallOutcome Whole(int code, string body) => Whole(code, Encoding.UTF8.GetBytes(body));

    public static CallOutcome Whole(int code, byte[] body)
    {
        var rented = ArrayPool<byte>.Shared.Rent(body.Length + 1);
        body.CopyTo(rented, 0);
        return CallOutcome.Answered(code, rented, body.Length);
    }

    public async ValueTask<CallOutcome> PostAsync(
        InstanceAddress address, string path, ReadOnlyMemory<byte> body, CallLimits limits, CancellationToken cancellationToken)
    {
        Calls.Enqueue((address.Port, path, Encoding.UTF8.GetString(body.Span)));
        return await _answers[address.Port](cancellationToken);
    }
}
