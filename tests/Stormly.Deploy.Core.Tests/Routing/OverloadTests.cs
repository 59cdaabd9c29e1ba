using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Routing;

/// <summary>Far more callers than instances can serve.</summary>
public sealed class OverloadTests : IDisposable
{
    private readonly RoutingWorld _world = new();
    private readonly ScriptedCaller _instances = new();
    private readonly TaskCompletionSource _slowAnswers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PluginClient _client;
    private readonly RouteTarget _slow;
    private readonly RouteTarget _fast;

    public OverloadTests()
    {
        _client = new PluginClient(
            _world.Table, _world.Router, _instances, Options.Create(_world.Options), Options.Create(new RequestOptions()), _world.Time, _world.Metrics, NullLogger<PluginClient>.Instance);
        (_slow, _fast) = (_world.MakeTarget(1), _world.MakeTarget(2));
        _instances.Answer(1, async _ =>
        {
            await _slowAnswers.Task;
            return ScriptedCaller.Whole(200, "{}");
        });
        _instances.Answer(2, () => ScriptedCaller.Whole(200, "{}"));
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Fault", "73")]
    public async Task Send_ThousandCallersAndOneSlowInstance_QueueIsBoundedAndTheRestAreToldAtOnce()
    {
        _world.Publish(RouteAvailability.Serving, _slow);
        var sending = Enumerable.Range(0, 1000).Select(_ => SendAsync()).ToList();
        await Task.WhenAll(sending.Where(s => s.IsCompleted));
        Assert.Equal(64, _slow.InFlight);
        Assert.Equal(64 + 100, sending.Count(s => !s.IsCompleted));
        _slowAnswers.SetResult();
        var outcomes = await Task.WhenAll(sending).WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(164, outcomes.Count(o => o.Outcome == PluginOutcome.Ok));
        Assert.All(outcomes.Where(o => o.Outcome != PluginOutcome.Ok), o => Assert.True(o is { Outcome: PluginOutcome.Overloaded, RetryAfter: not null }));
        Assert.Equal((164, 0), (_instances.Calls.Count, _slow.InFlight));
    }

    [Fact]
    [Trait("Fault", "73")]
    public async Task Send_OneOfTwoInstancesIsSlow_TheFastOneServesAllTheRest()
    {
        _world.Publish(RouteAvailability.Serving, _slow, _fast);
        var sending = Enumerable.Range(0, 1000).Select(_ => SendAsync()).ToList();
        var stuck = sending.Count(s => !s.IsCompleted);
        Assert.InRange(stuck, 0, 64);
        Assert.Equal(stuck, _slow.InFlight);
        _slowAnswers.SetResult();
        Assert.All(await Task.WhenAll(sending).WaitAsync(TestContext.Current.CancellationToken), o => Assert.Equal(PluginOutcome.Ok, o.Outcome));
        Assert.Equal((0, 0), (_slow.InFlight, _fast.InFlight));
    }

    private async Task<PluginResponse> SendAsync()
    {
        using var response = await _client.SendAsync("churn", "{\"props\":{}}"u8.ToArray(), null, TestContext.Current.CancellationToken);
        return response;
    }
}
