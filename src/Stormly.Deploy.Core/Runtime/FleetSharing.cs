using System.Collections.Immutable;
using System.Threading.Channels;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Shares the machine out between all controllers: reads how they stand whenever one of them changes, and while one has less than it asks for once a second,
/// lets <see cref="MachinePlanner"/> decide, and tells each its part. A part that was told counts until the controller has read it.
/// </summary>
internal sealed class FleetSharing : IAsyncDisposable
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Dictionary<string, MachineStanding> _standings = new(StringComparer.Ordinal);
    private readonly MachineLimits _limits;
    private readonly Func<ImmutableArray<DeploymentController>> _all;
    private readonly DeploymentClock _clock;
    private readonly ITimer _timer;
    private readonly Task _loop;

    public FleetSharing(MachineLimits limits, Func<ImmutableArray<DeploymentController>> all, TimeProvider time)
    {
        _limits = limits;
        _all = all;
        _clock = new DeploymentClock(time);
        _timer = time.CreateTimer(_ => Note(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Something has changed.</summary>
    public void Note() => _news.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        _news.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (await _news.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _news.Reader.TryRead(out _);
            _timer.Change(ShareOut() ? Timeout.InfiniteTimeSpan : Watch, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Decides and tells.</summary>
    /// <returns>Whether everybody has what it asks for, and knows.</returns>
    private bool ShareOut()
    {
        var controllers = _all();
        foreach (var gone in _standings.Keys.Except(controllers.Select(c => c.Plugin.Value)).ToList())
        {
            _standings.Remove(gone);
        }

        var now = _clock.Now.Uptime;
        var tenants = controllers.Select(c => Look(c, now)).ToImmutableArray();
        var settled = true;
        foreach (var (controller, tenant, grant) in controllers.Zip(tenants, MachinePlanner.Plan(_limits, tenants)))
        {
            var standing = _standings[tenant.Plugin];
            settled &= standing.Told is null && grant.Instances >= tenant.Wish && tenant.Wish > 0 == tenant.Live > 0;
            if (standing.ToTell(tenant, controller.Share, grant) is { } share && controller.TryTell(new DeploymentEvent.Allowed(share)))
            {
                _standings[tenant.Plugin] = standing with { Told = share };
                settled = false;
            }
        }

        return settled;
    }

    private MachineTenant Look(DeploymentController controller, TimeSpan now)
    {
        var (tenant, demand) = controller.AsTenant();
        var (standing, looked) = (_standings.GetValueOrDefault(tenant.Plugin) ?? new MachineStanding()).Look(tenant, controller.Share, demand, now);
        _standings[tenant.Plugin] = standing;
        return looked;
    }
}
