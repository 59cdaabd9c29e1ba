using Microsoft.Extensions.Options;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>A client before two instances that answer as a test says. Whatever happened, no lease is left.</summary>
public abstract class PluginClientWorld : IDisposable
{
    protected PluginClientWorld()
    {
        Client = new PluginClient(
            World.Table, World.Router, Instances, Options.Create(World.Options), Options.Create(new RequestOptions()), World.Time, World.Metrics, Log);
        (One, Two) = (World.MakeTarget(1), World.MakeTarget(2));
        World.Publish(RouteAvailability.Serving, One, Two);
        Both(() => ScriptedCaller.Whole(200, """{"risk":0.5}"""));
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected RoutingWorld World { get; } = new(o => o.IdempotentPlugins.Add("twice"));

    private protected ScriptedCaller Instances { get; } = new();

    private protected KeptLog<PluginClient> Log { get; } = new();

    private protected PluginClient Client { get; }

    private protected RouteTarget One { get; }

    private protected RouteTarget Two { get; }

    public void Dispose()
    {
        Assert.Equal((0, 0), (One.InFlight, Two.InFlight));
        World.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static ReadOnlyMemory<byte> Body() => "{\"props\":{\"x\":1.0}}"u8.ToArray();

    private protected void Both(Func<CallOutcome> answer)
    {
        Instances.Answer(1, answer);
        Instances.Answer(2, answer);
    }

    private protected ValueTask<PluginResponse> SendAsync(PluginCallContext? context = null) => Client.SendAsync("churn", Body(), context, Token);
}
