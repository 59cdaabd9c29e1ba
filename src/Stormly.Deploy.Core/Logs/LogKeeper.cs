using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Logs;

/// <summary>Keeps the logs of all instances within their cap, with one loop for all of them. The loop begins with the first log.</summary>
internal sealed partial class LogKeeper : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly long _capBytes;
    private readonly ILogger<LogKeeper> _logger;
    private readonly Func<string, ILogCap> _openCap;
    private readonly ConcurrentDictionary<WatchedLog, bool> _logs = new();
    private readonly ConcurrentQueue<WatchedLog> _ended = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task? _loop;
    private bool _disposed;

    public LogKeeper(TimeProvider time, IOptions<LogOptions> options, ILogger<LogKeeper> logger)
        : this(time, options, logger, CapOf(time, options.Value.CapBytes))
    {
    }

    internal LogKeeper(TimeProvider time, IOptions<LogOptions> options, ILogger<LogKeeper> logger, Func<string, ILogCap> openCap)
    {
        _time = time;
        _capBytes = options.Value.CapBytes;
        _logger = logger;
        _openCap = openCap;
    }

    /// <summary>Keeps a log within its cap from now on. Everything in the log's folder counts as part of it.</summary>
    /// <param name="logFile">The absolute path of the log, which need not be there yet; its folder is.</param>
    /// <returns>Dispose it when the instance has ended: nothing of the log is touched after that, but for a look that is under way.</returns>
    public IDisposable Watch(string logFile)
    {
        var log = new WatchedLog(logFile, _openCap(logFile), _capBytes, _time);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _logs[log] = true;
            _loop ??= Task.Run(RunAsync);
        }

        _wake.Writer.TryWrite(true);
        return new Registration(this, log);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await (_loop ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Func<string, ILogCap> CapOf(TimeProvider time, long capBytes)
        => OperatingSystem.IsLinux() ? LinuxCapOf(capBytes, new OpenFileTable(time)) : logFile => new PlainLogCap(logFile, capBytes);

    [SupportedOSPlatform("linux")]
    private static Func<string, ILogCap> LinuxCapOf(long capBytes, OpenFileTable openFiles) => logFile => new LinuxLogCap(logFile, capBytes, openFiles);

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            while (_ended.TryDequeue(out var log))
            {
                log.Dispose();
            }

            foreach (var log in _logs.Keys.Where(l => l.Wait <= TimeSpan.Zero))
            {
                Look(log);
            }

            await WaitAsync(_logs.Keys.Select(l => l.Wait).Min(static w => (TimeSpan?)w)).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(TimeSpan? wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var delay = Task.Delay(TimerWait.RoundUp(wait), _time, either.Token);
        var woken = _wake.Reader.ReadAsync(either.Token).AsTask();
        await Task.WhenAny(delay, woken).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(delay, woken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whatever goes wrong with one log must not end the keeping of the others.
    private void Look(WatchedLog log)
    {
        try
        {
            var look = log.Look();
            if (look.Done.Count > 0)
            {
                LogCutDone(_logger, log.LogFile, string.Join("; ", look.Done));
            }

            if (look.Problems.Count > 0)
            {
                LogProblems(_logger, log.LogFile, string.Join("; ", look.Problems));
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            log.Fail();
            LogLookFailed(_logger, log.LogFile, e);
        }
    }

    private sealed class Registration(LogKeeper keeper, WatchedLog log) : IDisposable
    {
        // The loop owns what it keeps about a log: it is the one to forget it.
        public void Dispose()
        {
            if (keeper._logs.TryRemove(log, out _))
            {
                keeper._ended.Enqueue(log);
            }
        }
    }
}
