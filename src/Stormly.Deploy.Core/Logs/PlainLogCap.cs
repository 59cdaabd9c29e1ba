namespace Stormly.Deploy.Logs;

/// <summary>The cap where the operating system is not Linux: by length, by removing rotated files and emptying the log. It knows no holes and no deleted files.</summary>
internal sealed class PlainLogCap(string logFile, long capBytes) : ILogCap
{
    public LogLook Look()
    {
        var done = new List<string>();
        try
        {
            var files = new DirectoryInfo(Path.GetDirectoryName(logFile)!).GetFiles().Where(f => f.LinkTarget is null).ToList();
            var before = files.Sum(f => f.Length);
            var total = before;
            foreach (var rotated in files.Where(f => f.FullName != logFile).OrderBy(f => f.LastWriteTimeUtc).SkipLast(1).TakeWhile(_ => total > capBytes / 2))
            {
                total -= rotated.Length;
                rotated.Delete();
                done.Add($"removed the rotated log '{rotated.Name}'");
            }

            foreach (var file in files.Where(f => f.Exists).OrderBy(f => f.FullName == logFile).TakeWhile(_ => total > capBytes / 2))
            {
                total -= file.Length;
                using var stream = file.Open(FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                stream.SetLength(0);
                done.Add($"emptied '{file.Name}'");
            }

            return new LogLook(before, total, done, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new LogLook(0, 0, done, [$"the log cannot be limited: {e.Message}"]);
        }
    }

    public void Dispose()
    {
    }
}
