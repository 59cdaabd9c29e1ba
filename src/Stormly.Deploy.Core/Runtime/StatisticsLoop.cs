using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Brings what was learned to the revisions that run, and to the disk, every so often; and reads the rows of the host application when they are due. A loop beside the
/// controllers, so that a slow disk and a slow table slow nothing else.
/// </summary>
internal sealed partial class StatisticsLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<PluginName, RowsRead> _rowsRead = [];
    private readonly FeatureLearning _learning;
    private readonly IReadOnlyList<IFeatureRows> _sources;
    private readonly Func<ImmutableArray<DeploymentController>> _all;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _force;
    private readonly Task _loop;
    private Task _reading = Task.CompletedTask;

    public StatisticsLoop(FeatureLearning learning, RuntimeServices services, Func<ImmutableArray<DeploymentController>> all)
    {
        (_learning, _sources, _all, _time, _logger, _force) = (learning, services.FeatureRows, all, services.Time, services.Logger, services.Force);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Ends the loop and writes what was not written yet. Rows of the host application that do not come to an end are waited for until it has no more time.</summary>
    /// <returns>A task.</returns>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _reading.WaitAsync(_force).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var controller in _all())
        {
            _learning.Save(controller.Plugin);
        }

        _end.Dispose();
    }

    [LoggerMessage(1132, LogLevel.Warning, "{Plugin}: rows of the host application were not read: {Problem}")]
    private static partial void LogRowsFailed(ILogger logger, PluginName plugin, string problem);

    [LoggerMessage(1133, LogLevel.Information, "{Plugin}: {Read} row(s) of the host application were read, {Skipped} skipped: {Problem}")]
    private static partial void LogRows(ILogger logger, PluginName plugin, long read, long skipped, string problem);

    [LoggerMessage(1134, LogLevel.Error, "Statistics are brought up to date no more, because of an error that should not happen")]
    private static partial void LogBug(ILogger logger, Exception error);

    private async Task RunAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(_learning.Options.Interval, _time);
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                var all = _all();
                _reading = _reading.IsCompleted ? Task.Run(() => ReadRowsAsync(all)) : _reading;
                foreach (var controller in all)
                {
                    await controller.RenewAsync().ConfigureAwait(false);
                    _learning.Save(controller.Plugin);
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

    /// <summary>One plugin after the other; while a table is slow, none is read twice.</summary>
    private async Task ReadRowsAsync(ImmutableArray<DeploymentController> all)
    {
        foreach (var controller in all)
        {
            await ReadRowsAsync(controller.Plugin).ConfigureAwait(false);
        }
    }

    private async Task ReadRowsAsync(PluginName plugin)
    {
        if (_sources.Count == 0 || _learning.Find(plugin) is not { } tallies || !IsDue(plugin, tallies))
        {
            return;
        }

        _rowsRead[plugin] = new RowsRead(_time.GetTimestamp(), KeysOf(tallies), tallies);
        try
        {
            var tally = tallies.MakeRows();
            foreach (var source in _sources)
            {
                var left = _learning.Options.MaxRows - (int)tally.Samples;
                var report = await RowReader.ReadAsync(source.ReadAsync(plugin.Value, _end.Token), tally, left, _end.Token).ConfigureAwait(false);
                LogRows(_logger, plugin, report.Read, report.Skipped, report.FirstProblem ?? "none was wrong");
            }

            if (tally.Samples > 0)
            {
                tallies.Use(tally);
            }
        }
        catch (Exception error) when (!_end.IsCancellationRequested)
        {
            // Whatever code of the host application throws: its rows are read again when they are due.
            LogRowsFailed(_logger, plugin, error.Message);
        }
    }

    private bool IsDue(PluginName plugin, PluginTallies tallies)
    {
        if (!_rowsRead.TryGetValue(plugin, out var last) || last.Keys != KeysOf(tallies) || last.By != tallies)
        {
            return true;
        }

        return _learning.Options.RowsInterval > TimeSpan.Zero && _time.GetElapsedTime(last.At) >= _learning.Options.RowsInterval;
    }

    private static string KeysOf(PluginTallies tallies) => string.Join('\n', tallies.Features.Select(f => f.Key));

    /// <summary>When rows were read, for which features, and what counted them: that of a plugin that was removed is gone with what it counted.</summary>
    private sealed record RowsRead(long At, string Keys, PluginTallies By);
}
