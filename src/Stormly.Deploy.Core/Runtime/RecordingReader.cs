using System.Globalization;
using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>Reads a recording line by line. A last line that a crash has torn is left out, and told; anything else that is wrong is an error with its line.</summary>
internal sealed class RecordingReader : IDisposable
{
    private const int LongestLine = 64 << 20;

    private readonly StreamReader _file;
    private readonly string _path;
    private readonly StringBuilder _text = new();
    private int _line;

    private RecordingReader(string path, StreamReader file) => (_path, _file) = (path, file);

    /// <summary>What the recording begins with.</summary>
    public RecordedBegin Begin { get; private set; } = null!;

    /// <summary>How the recording ends, once all steps were read.</summary>
    public string Ended { get; private set; } = "";

    /// <summary>Opens a recording.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="PluginDeploymentException">It cannot be read, is no recording, or is newer than this version.</exception>
    public static RecordingReader Open(string path)
    {
        StreamReader? file = null;
        try
        {
            if (!Posix.IsPlainFile(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path))
            {
                throw new IOException("It is a folder, a pipe or a device, and no file.");
            }

            file = new StreamReader(path);
            var reader = new RecordingReader(path, file);
            reader.ReadBegin();
            return reader;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new PluginDeploymentException($"The recording '{PrintableText.Escape(path, maxLength: 500)}' cannot be read: {error.Message}", error);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>The steps, one after the other.</summary>
    public IEnumerable<RecordedStep> ReadSteps()
    {
        while (ReadLine() is { } text)
        {
            if (!_file.EndOfStream)
            {
                yield return Parse(text).Step ?? throw Wrong("holds no step");
                continue;
            }

            var (line, torn) = ParseLast(text);
            Ended = line?.End ?? (torn ? "its last line is torn: the host application died while it was written, or still writes" : "it ends without a word: the host application died, or still writes");
            if (line?.Step is { } last)
            {
                yield return last;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadBegin()
    {
        if (ReadLine() is not { } text)
        {
            throw Wrong("is missing: the file is empty");
        }

        CheckVersion(text);
        Begin = Parse(text).Begin ?? throw Wrong("does not begin a recording");
    }

    /// <summary>Before anything else is understood: a newer form may look any way.</summary>
    private void CheckVersion(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("begin", out var begin) || begin.ValueKind != JsonValueKind.Object
                || !begin.TryGetProperty("stormlyRecording", out var version) || !version.TryGetInt32(out var number))
            {
                throw Wrong("does not begin a recording");
            }

            if (number is < 1 or > RecordedBegin.Newest)
            {
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"says that it is of version {number}, and this library reads version {RecordedBegin.Newest}; replay it with the version that recorded it"));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Wrong("does not begin a recording", error);
        }
    }

    private (RecordedLine? Line, bool Torn) ParseLast(string text)
    {
        try
        {
            return (Parse(text), false);
        }
        catch (PluginDeploymentException)
        {
            return (null, true);
        }
    }

    private RecordedLine Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, RecordingJson.Default.RecordedLine) ?? throw Wrong("is empty");
        }
        catch (JsonException error)
        {
            throw Wrong($"cannot be understood: {error.Message}", error);
        }
    }

    /// <summary>Reads a line, within its bound: a file without line breaks must not fill memory.</summary>
    private string? ReadLine()
    {
        _line++;
        _text.Clear();
        int read;
        while ((read = _file.Read()) is not (-1 or '\n'))
        {
            if (_text.Append((char)read).Length > LongestLine)
            {
                throw Wrong("is too long");
            }
        }

        return read == -1 && _text.Length == 0 ? null : _text.ToString();
    }

    private PluginDeploymentException Wrong(string what, Exception? error = null)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"'{PrintableText.Escape(_path, maxLength: 500)}' is no recording that can be replayed: line {_line} {what}.");
        return error is null ? new(message) : new(message, error);
    }
}
