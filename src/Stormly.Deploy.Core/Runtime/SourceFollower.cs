using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Follows the folder that a deployment comes from: a loop that hears of changes, lets <see cref="FollowPolicy"/> decide, looks and has it read. It runs beside the
/// deployment's controller, so that a slow file system slows nothing else.
/// </summary>
internal sealed partial class SourceFollower : IAsyncDisposable
{
    private const int InboxCapacity = 64;

    /// <summary>The wall clock may be changed while nothing else happens.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    private readonly Channel<FollowNews> _inbox = Channel.CreateBounded<FollowNews>(new BoundedChannelOptions(InboxCapacity) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly PluginName _plugin;
    private readonly FollowerSpec _spec;
    private readonly DeploymentClock _clock;
    private readonly ITimer _timer;
    private FollowState _state;
    private DateTimeOffset? _due;
    private SourceSnapshot? _told;
    private IDisposable? _watch;
    private string? _watched;
    private volatile bool _deaf;

    public SourceFollower(PluginName plugin, FollowerSpec spec)
    {
        _plugin = plugin;
        _spec = spec;
        _clock = new DeploymentClock(spec.Time);
        _timer = spec.Time.CreateTimer(_ => _inbox.Writer.TryWrite(new FollowNews.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _state = FollowState.Begin(spec.Mark, spec.Conclusion) with { NextScan = spec.Options.Enabled ? TimeSpan.Zero : TimeSpan.MaxValue };
        _due = spec.Schedule is { } schedule ? SchedulePolicy.Next(schedule, spec.LastRun, _clock.Now.Wall) : null;
        Over = Task.Run(RunAsync);
    }

    /// <summary>Completes when nothing is looked at any more.</summary>
    public Task Over { get; }

    /// <summary>Begins to end; a reading that is under way is given up.</summary>
    public void Stop() => _end.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await Over.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            await _spec.After.WaitAsync(_end.Token).ConfigureAwait(false);
            FollowNews news = new FollowNews.Tick();
            while (true)
            {
                await StepAsync(news).ConfigureAwait(false);
                await StepAsync(await AskAsync(_clock.Now.Wall).ConfigureAwait(false)).ConfigureAwait(false);
                news = await _inbox.Reader.ReadAsync(_end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The deployment comes from somewhere else now, or ends.
        }
        catch (Exception error)
        {
            LogBug(_spec.Logger, _plugin, error);
        }
        finally
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
            _watch?.Dispose();
        }
    }

    private async Task StepAsync(FollowNews? news)
    {
        while (news is not null)
        {
            var decision = FollowPolicy.Apply(_spec.Options, _state, news, _clock.Now.Uptime);
            _state = decision.State;
            await TellAsync(decision.Report).ConfigureAwait(false);
            news = decision.Step switch
            {
                FollowStep.Look => await LookAsync().ConfigureAwait(false),
                FollowStep.Read => new FollowNews.Read(_state.Seen!, await _spec.Read(_end.Token).ConfigureAwait(false)),
                _ => null,
            };
            Arm(decision.Wake);
        }
    }

    /// <summary>Where a run of the schedule is due; several that were missed are made up by one.</summary>
    private async Task<FollowNews?> AskAsync(DateTimeOffset now)
    {
        if (_spec.Schedule is not { } schedule || now < _due)
        {
            return null;
        }

        _due = SchedulePolicy.Next(schedule, now, now);
        await _spec.Ran(now).ConfigureAwait(false);
        return new FollowNews.Asked($"its schedule says so: {SchedulePolicy.Describe(schedule)}");
    }

    private async Task<FollowNews> LookAsync()
    {
        // A file system that does not answer at all must not keep the host application from ending.
        var glance = await Task.Run(() => FolderGlance.Take(_spec.Folder)).WaitAsync(_end.Token).ConfigureAwait(false);
        if (_spec.Options.Enabled && (_watch is null || _deaf || _watched != glance.Root))
        {
            Watch(glance.Root);
        }

        return new FollowNews.Looked(glance.Mark);
    }

    /// <summary>Listens anew where the folder is another one than before, or nobody listens.</summary>
    private void Watch(string? root)
    {
        _watch?.Dispose();
        (_watch, _watched, _deaf) = (null, root, false);
        try
        {
            _watch = _spec.Watcher.Watch(_spec.Folder, () => _inbox.Writer.TryWrite(new FollowNews.Touched()), Lose);
            _inbox.Writer.TryWrite(new FollowNews.WatchBegan());
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            _inbox.Writer.TryWrite(new FollowNews.WatchLost(error.Message));
        }
    }

    private void Lose(string reason)
    {
        _deaf = true;
        _inbox.Writer.TryWrite(new FollowNews.WatchLost(reason));
        _inbox.Writer.TryWrite(new FollowNews.Touched());
    }

    private void Arm(TimeSpan wake)
    {
        var now = _clock.Now;
        var (wait, run) = (wake - now.Uptime, _due - now.Wall ?? LongestSleep);
        wait = wait < run ? wait : run;
        wait = wait < LongestSleep ? wait : LongestSleep;
        _timer.Change(TimerWait.RoundUp(wait), Timeout.InfiniteTimeSpan);
    }

    private async Task TellAsync(FollowReport? report)
    {
        var view = _state.View(_spec.Folder);
        if (report is not null || view != _told)
        {
            _told = view;
            await _spec.Tell(view, report).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1120, LogLevel.Error, "{Plugin}: its folder is followed no more, because of an error that should not happen; deploy it by a call")]
    private static partial void LogBug(ILogger logger, PluginName plugin, Exception error);
}
