using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Runs the examples of what serves, after each rollout and every so often: one request at a time for all plugins together, and none for a plugin whose requests wait. What
/// could not be run now is run later.
/// </summary>
internal sealed partial class ExampleLoop : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<PluginName, Round> _rounds = [];
    private readonly ExampleRunner _runner;
    private readonly Func<ImmutableArray<DeploymentController>> _all;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public ExampleLoop(ExampleRunner runner, Func<ImmutableArray<DeploymentController>> all, ILogger logger)
    {
        (_runner, _all, _logger) = (runner, all, logger);
        _loop = runner.Spec.Options.InBackground ? Task.Run(RunAsync) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _end.Dispose();
    }

    [LoggerMessage(1142, LogLevel.Warning, "{Plugin}: {Failed} of {Run} examples of revision {Revision} that were run failed; the first: {Problem}")]
    private static partial void LogFailed(ILogger logger, PluginName plugin, int failed, int run, string revision, string problem);

    [LoggerMessage(1143, LogLevel.Error, "Examples are run no more, because of an error that should not happen")]
    private static partial void LogBug(ILogger logger, Exception error);

    private async Task RunAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, _runner.Spec.Time);
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                foreach (var controller in _all())
                {
                    await LookAsync(controller.Plugin).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The host application ends.
        }
        catch (Exception error)
        {
            LogBug(_logger, error);
        }
    }

    private async Task LookAsync(PluginName plugin)
    {
        if (_runner.Spec.Routes.Find(plugin.Value) is not { Endpoint: { } endpoint, Availability: RouteAvailability.Serving } || !IsDue(plugin, endpoint))
        {
            return;
        }

        var round = _rounds.GetValueOrDefault(plugin);
        if (round?.Revision != endpoint.Revision)
        {
            _rounds[plugin] = round = new Round(endpoint.Revision, _runner.Spec.Time.GetUtcNow());
        }

        var report = await _runner.RunAllAsync(plugin, endpoint, round.Since, TimeSpan.Zero, _end.Token).ConfigureAwait(false);
        if (report.Results.FirstOrDefault(r => !r.Passed) is { } failed)
        {
            LogFailed(_logger, plugin, report.Results.Count(r => !r.Passed), report.Results.Length, endpoint.Revision.Short, $"{PrintableText.Escape(failed.Input, maxLength: 80)}: {failed.Detail}");
        }

        if (!IsDue(plugin, endpoint))
        {
            _rounds.Remove(plugin);
        }
    }

    private bool IsDue(PluginName plugin, PluginEndpoint endpoint)
    {
        var (options, complete) = (_runner.Spec.Options, _runner.Spec.Book.CompleteAt(plugin, endpoint.Revision));
        return complete is null || (options.Interval > TimeSpan.Zero && _runner.Spec.Time.GetUtcNow() - complete >= options.Interval);
    }

    /// <summary>A round that is under way: what was run since it began is not run again.</summary>
    private sealed record Round(RevisionId Revision, DateTimeOffset Since);
}
