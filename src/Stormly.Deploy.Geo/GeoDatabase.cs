using MaxMind.Db;
using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.Geo;

/// <summary>
/// The database that lookups use now. The file is read into memory, so that whoever replaces or cuts it cannot harm a lookup; another one takes its place in one write, and
/// lookups that are under way end with the one that they began with.
/// </summary>
internal sealed partial class GeoDatabase(GeoDatabaseOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private volatile Reader? _reader;
    private ITimer? _timer;
    private FileStamp? _loaded;
    private FileStamp? _seen;
    private FileStamp? _broken;
    private FileStamp? _told;
    private bool _isMissing;

    /// <summary>The database; null while there is none that can be read.</summary>
    public Reader? Current => _reader;

    /// <summary>Reads the file, and looks at it from time to time from now on.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_timer is null)
            {
                Look(isFirst: true);
                _timer = time.CreateTimer(static self => ((GeoDatabase)self!).LookAgain(), this, options.CheckInterval, options.CheckInterval);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
        }
    }

    private void LookAgain()
    {
        // A look that takes longer than the interval is not overtaken.
        if (_gate.TryEnter())
        {
            try
            {
                Look(isFirst: false);
            }
            finally
            {
                _gate.Exit();
            }
        }
    }

    private void Look(bool isFirst)
    {
        if (FileStamp.Of(options.Path) is not { } stamp)
        {
            if (!_isMissing)
            {
                _isMissing = true;
                LogMissing(logger, options.Path, _reader is null ? "nothing of addresses is detected until it is there" : "the one that was read stays");
            }

            return;
        }

        _isMissing = false;
        var isQuiet = isFirst || stamp == _seen;
        _seen = stamp;
        if (isQuiet && stamp != _loaded && stamp != _broken)
        {
            Load(stamp);
        }
    }

    private void Load(FileStamp stamp)
    {
        try
        {
            using var file = new FileStream(options.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var reader = new Reader(file);
            GeoRecord.Find(reader, System.Net.IPAddress.Loopback); // the tree and the data can be read at all
            _reader = reader;
            _loaded = stamp;
            _broken = _told = null;
            LogLoaded(logger, options.Path, reader.Metadata.DatabaseType, reader.Metadata.BuildDate);
        }
        catch (Exception error)
        {
            // What is wrong in the file stays wrong; what kept it from being read may pass without a trace in it, e.g. a right or a lock.
            _broken = error is IOException or UnauthorizedAccessException ? null : stamp;
            if (_told == stamp)
            {
                return;
            }

            _told = stamp;
            LogBroken(logger, error, options.Path, _reader is null ? "nothing of addresses is detected" : "the one that was read before stays");
        }
    }

    [LoggerMessage(5000, LogLevel.Information, "The geo database '{path}' is in use: {type}, made {date:yyyy-MM-dd}.")]
    private static partial void LogLoaded(ILogger logger, string path, string type, DateTime date);

    [LoggerMessage(5001, LogLevel.Error, "The geo database '{path}' cannot be read; {outcome}. This is told once for each state of the file.")]
    private static partial void LogBroken(ILogger logger, Exception error, string path, string outcome);

    [LoggerMessage(5002, LogLevel.Warning, "There is no geo database at '{path}'; {outcome}.")]
    private static partial void LogMissing(ILogger logger, string path, string outcome);
}
