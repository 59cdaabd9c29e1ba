using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>
/// One deployment's journal: a file that only grows at its end, one fsynced record a change, until it is rewritten with what is still kept. Each record is
/// durable before the next is written, so that a crash can only leave the last one torn. A journal that cannot be trusted is never changed: it is moved aside
/// by the first write.
/// </summary>
internal sealed class Journal(PluginName plugin, string path, StoreOpening opening)
{
    /// <summary>Below this size nothing is rewritten.</summary>
    public const int Small = 256 * 1024;

    private readonly Lock _lock = new();
    private ReadOnlyMemory<byte> _document;
    private long _length;
    private long _rewriteAt = Small;
    private long _next = 1;
    private int _decisions;
    private bool _exists;
    private bool _refused;

    /// <summary>Why nothing of it is used; null where it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the file, and cuts off what a crash left of the last write.</summary>
    /// <returns>What it holds, and what was cut off.</returns>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public (StoredDeployment? Content, string? Note) Open()
    {
        lock (_lock)
        {
            try
            {
                var scan = JournalScan.Of(File.ReadAllBytes(path));
                var read = scan.Corrupt is null ? JournalContent.Of(scan, plugin) : JournalContent.Unusable(scan.Corrupt);
                if (read.Problem is { } problem)
                {
                    Problem = $"The journal '{path}' of plugin '{plugin}' is not what was written there: {problem}. Nothing of it is used, and it is left as it is. "
                        + $"Put it back from a backup and start the host application again, or deploy the plugin again: then it is kept beside, as '{Path.GetFileName(path)}.corrupt-1'.";
                    (_exists, _refused) = (true, true);
                    return (null, null);
                }

                Take(read, scan.Length);
                var note = scan.Torn is null ? null : $"The last write to '{path}' was cut short by a crash ({scan.Torn}, at byte {scan.Length}); it was never confirmed, and was cut off. Everything before it is there.";
                CutOff(scan);
                return (new StoredDeployment { Plugin = plugin, Document = read.Document, Decisions = Newest(read.Decisions, opening.Newest) }, note);
            }
            catch (Exception error) when (StorageException.IsDiskError(error))
            {
                throw StorageException.At(path, "Reading", error);
            }
        }
    }

    /// <summary>Writes a change.</summary>
    /// <param name="change">The change.</param>
    /// <returns>Something for the log; null where there is nothing to tell.</returns>
    /// <exception cref="StorageException">It cannot be written; the file holds what it held.</exception>
    public string? Write(StoreChange change)
    {
        change = opening.Decisions > 0 ? change : change with { Decisions = [] };
        if (change is { Document.IsEmpty: true, Decisions.IsEmpty: true })
        {
            return null;
        }

        lock (_lock)
        {
            try
            {
                var note = _refused ? $"'{path}' could not be trusted and was moved aside, to '{MoveAside()}'; a new one begins" : null;
                if (!_exists || !TryAppend(change))
                {
                    Replace(change.Document.IsEmpty ? _document : change.Document, change.Decisions);
                }

                _document = change.Document.IsEmpty ? _document : change.Document.ToArray();
                var due = _length >= _rewriteAt || _decisions > (2 * (long)opening.Decisions) + 64;
                return due ? TryRewrite() ?? note : note;
            }
            catch (Exception error) when (StorageException.IsDiskError(error))
            {
                throw StorageException.At(path, "Writing", error);
            }
        }
    }

    /// <summary>Reads the decisions that are kept.</summary>
    /// <param name="after">Only those with a greater sequence.</param>
    /// <returns>The decisions.</returns>
    /// <exception cref="StorageException">They cannot be read.</exception>
    public ImmutableArray<DecisionRecord> ReadDecisions(long after)
    {
        lock (_lock)
        {
            try
            {
                return _exists && !_refused && File.Exists(path) ? [.. Keep(ReadBack().Decisions).Where(d => d.Sequence > after)] : [];
            }
            catch (Exception error) when (StorageException.IsDiskError(error))
            {
                throw StorageException.At(path, "Reading", error);
            }
        }
    }

    /// <summary>Deletes the file; one that cannot be trusted is moved aside.</summary>
    /// <exception cref="StorageException">It cannot be deleted.</exception>
    public void Delete()
    {
        lock (_lock)
        {
            try
            {
                _ = _refused ? MoveAside() : null;
                File.Delete(path);
                Posix.SyncFolder(Path.GetDirectoryName(path)!);
                (_exists, _document, _length, _next, _decisions, _rewriteAt) = (false, default, 0, 1, 0, Small);
            }
            catch (Exception error) when (StorageException.IsDiskError(error))
            {
                throw StorageException.At(path, "Deleting", error);
            }
        }
    }

    /// <summary>Appends a record. A failed write is taken back, here or before the next one, and by the next start at the latest: it is torn then.</summary>
    /// <returns>False where the file is not there any more, or not all of it.</returns>
    private bool TryAppend(StoreChange change)
    {
        if (new FileInfo(path) is not { Exists: true } file || file.Length < _length)
        {
            return false;
        }

        var frame = JournalRecord.Of(_next, change).ToFrame();
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            if (stream.Length > _length)
            {
                stream.SetLength(_length);
            }

            stream.Position = _length;
            stream.Write(frame);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            TakeBack(stream);
            throw;
        }

        (_length, _next, _decisions) = (_length + frame.Length, _next + 1, _decisions + change.Decisions.Length);
        return true;
    }

    private void TakeBack(FileStream stream)
    {
        try
        {
            stream.SetLength(_length);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            // The next write does it, or the next start.
        }
    }

    /// <summary>Writes what is still kept into a new file. Where that fails the old one is good, and grows on.</summary>
    private string? TryRewrite()
    {
        (_rewriteAt, _decisions) = (_length * 2, 0);
        try
        {
            Replace(_document, Keep(ReadBack().Decisions));
            _rewriteAt = Math.Max(Small, _length * 2);
            return null;
        }
        catch (Exception error) when (error is StorageException || StorageException.IsDiskError(error))
        {
            return $"'{path}' grows on, because it could not be written anew: {error.Message}";
        }
    }

    private void Replace(ReadOnlyMemory<byte> document, ImmutableArray<DecisionRecord> decisions)
    {
        var text = JournalContent.Write(plugin, document, decisions, out var records);
        AtomicFile.Write(path, text);
        (_exists, _length, _next, _decisions) = (true, text.Length, records, decisions.Length);
    }

    private JournalContent ReadBack()
    {
        var scan = JournalScan.Of(File.ReadAllBytes(path).AsMemory(0, checked((int)_length)));
        var content = scan.Corrupt is null ? JournalContent.Of(scan, plugin) : JournalContent.Unusable(scan.Corrupt);
        return content.Problem is null ? content : throw StorageException.Because($"The journal '{path}' of plugin '{plugin}' is not what was written there: {content.Problem}.");
    }

    /// <summary>The newest decisions, as many as are to be kept, by number and by size.</summary>
    private ImmutableArray<DecisionRecord> Keep(ImmutableArray<DecisionRecord> all)
    {
        var (count, bytes) = (0, 0L);
        while (count < Math.Min(all.Length, opening.Decisions) && (bytes += JournalContent.SizeOf(all[^(count + 1)])) <= opening.DecisionBytes)
        {
            count++;
        }

        return Newest(all, count);
    }

    private void Take(JournalContent read, long length)
    {
        (_exists, _document, _length, _next, _decisions) = (true, read.Document, length, read.Records, read.Decisions.Length);
        _rewriteAt = Math.Max(Small, 2 * (read.Document.Length + Keep(read.Decisions).Sum(JournalContent.SizeOf)));
    }

    private void CutOff(JournalScan scan)
    {
        if (scan.Torn is not null)
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
            stream.SetLength(scan.Length);
            stream.Flush(flushToDisk: true);
        }
    }

    private string MoveAside()
    {
        var number = 1;
        while (File.Exists($"{path}.corrupt-{number}"))
        {
            number++;
        }

        var aside = $"{path}.corrupt-{number}";
        File.Move(path, aside);
        Posix.SyncFolder(Path.GetDirectoryName(path)!);
        (_exists, _refused) = (false, false);
        return aside;
    }

    private static ImmutableArray<DecisionRecord> Newest(ImmutableArray<DecisionRecord> all, int count) => all.Length <= count ? all : all[^count..];
}
