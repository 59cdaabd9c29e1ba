using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Writes what one controller learns and decides to a bounded file. The controller never waits for it: where the disk cannot keep up, cannot be written, or the
/// file is full, the recording ends there and says why.
/// </summary>
internal sealed class RunRecorder : IAsyncDisposable
{
    private const int MostWaiting = 4096;

    private readonly Channel<RecordedLine> _lines = Channel.CreateBounded<RecordedLine>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
    private readonly RecordingOptions _options;
    private readonly Action<string> _trouble;
    private readonly Task _writing;
    private bool _over;

    private RunRecorder(string folder, RecordedBegin begin, RecordingOptions options, Action<string> trouble)
    {
        (_options, _trouble) = (options, trouble);
        _lines.Writer.TryWrite(new RecordedLine { Begin = begin });
        _writing = Task.Run(() => WriteAllAsync(folder, begin));
    }

    /// <summary>Begins a recording.</summary>
    /// <param name="folder">Where recordings lie; null where nothing is recorded.</param>
    /// <param name="begin">What it begins with.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="trouble">Told once where it cannot go on.</param>
    /// <returns>The recorder; null where nothing is recorded.</returns>
    public static RunRecorder? Begin(string? folder, Func<RecordedBegin> begin, RecordingOptions options, Action<string> trouble)
        => options.Enabled && folder is not null ? new RunRecorder(folder, begin(), options, trouble) : null;

    /// <summary>Adds a step. Called by one thread.</summary>
    /// <param name="step">The step.</param>
    public void Note(RecordedStep step)
    {
        if (!_over && !_lines.Writer.TryWrite(new RecordedLine { Step = step }))
        {
            _over = true;
            _lines.Writer.TryComplete(new IOException($"more than {MostWaiting} steps waited to be written"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private async Task WriteAllAsync(string folder, RecordedBegin begin)
    {
        try
        {
            StateFolder.CreatePrivate(folder);
            RemoveOldest(folder, begin.Plugin);
            var file = Open(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{begin.Plugin}-{begin.Begun.UtcDateTime:yyyyMMdd'T'HHmmssfff}.jsonl")));
            await using (file.ConfigureAwait(false))
            {
                await WriteAllAsync(file).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (StorageException.IsDiskError(error) || error is JsonException or NotSupportedException)
        {
            _lines.Writer.TryComplete();
            _trouble(error.Message);
        }
    }

    private async Task WriteAllAsync(FileStream file)
    {
        var end = "the deployment ended";
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                var text = Text(line);
                if (file.Position + text.Length > _options.MaxBytes)
                {
                    end = string.Create(CultureInfo.InvariantCulture, $"the recording has reached {nameof(RecordingOptions.MaxBytes)}, {_options.MaxBytes} bytes");
                    _lines.Writer.TryComplete();
                    break;
                }

                await file.WriteAsync(text).ConfigureAwait(false);
                if (_lines.Reader.Count == 0)
                {
                    await file.FlushAsync().ConfigureAwait(false);
                }
            }
        }
        catch (IOException slow) when (_over)
        {
            end = slow.Message;
        }

        await file.WriteAsync(Text(new RecordedLine { End = end })).ConfigureAwait(false);
    }

    private static byte[] Text(RecordedLine line)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(line, RecordingJson.Default.RecordedLine);
        return [.. text, .. "\n"u8];
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>So that with the new one not more than is allowed are there.</summary>
    private void RemoveOldest(string folder, string plugin)
    {
        var mine = Directory.GetFiles(folder, $"{plugin}-*.jsonl").Where(f => Path.GetFileName(f)[(plugin.Length + 1)..] is ['0' or '1' or '2', .., '.', 'j', 's', 'o', 'n', 'l'] rest && rest.Length == 24);
        foreach (var old in mine.Order(StringComparer.Ordinal).Reverse().Skip(_options.Kept - 1))
        {
            File.Delete(old);
        }
    }
}
