using System.Collections.Concurrent;
using System.Text;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Plugins as the test says; keeps what it was asked.</summary>
internal sealed class FakePluginClient : IPluginClient
{
    public ConcurrentQueue<(string Plugin, string Body, string? TraceId)> Requests { get; } = new();

    /// <summary>The canary key of each of them.</summary>
    public ConcurrentQueue<string?> Keys { get; } = new();

    /// <summary>The end user of each of them, asked for as a plugin with detected features does.</summary>
    public ConcurrentQueue<EndUser?> Users { get; } = new();

    public Func<CancellationToken, Task<PluginResponse>> Answer { get; set; } = _ => Task.FromResult(Good("""{"risk":0.5}"""));

    public static PluginResponse Good(string body) => new(Encoding.UTF8.GetBytes(body), null);

    public static PluginResponse Bad(PluginOutcome outcome) => new(outcome, new PluginProblem(PluginOutcomeExtensions.ProblemTypePrefix + outcome.ToSlug(), "Title.", "Detail."));

    public async ValueTask<PluginResponse> SendAsync(string plugin, ReadOnlyMemory<byte> body, PluginCallContext? context, CancellationToken cancellationToken)
    {
        Keys.Enqueue(context?.CanaryKey);
        Users.Enqueue(context?.EndUser ?? context?.FindEndUser?.Invoke());
        Requests.Enqueue((plugin, Encoding.UTF8.GetString(body.Span), context?.TraceId));
        return await Answer(cancellationToken);
    }
}
