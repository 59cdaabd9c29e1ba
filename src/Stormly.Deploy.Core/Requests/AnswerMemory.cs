using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>Keeps the newest good answer of one revision, within a bound. For all threads at the same time.</summary>
/// <param name="source">Which answers to keep.</param>
internal sealed class AnswerMemory(LastAnswerSource source)
{
    /// <summary>The greatest answer that is kept, in bytes; a greater one leaves the one before.</summary>
    public const int MaxBytes = 64 * 1024;

    private volatile byte[]? _newest;

    /// <summary>The answer; null where there was none yet.</summary>
    public RawJson? Newest => _newest is { } bytes ? new RawJson(bytes) : null;

    /// <summary>Takes an answer with code 200 to a status check. What is no good answer to a request is passed over.</summary>
    /// <param name="body">Its body.</param>
    public void NoteStatusCheck(ReadOnlySpan<byte> body)
    {
        if (source != LastAnswerSource.Nothing)
        {
            Note(body.Trim(" \t\r\n"u8));
        }
    }

    /// <summary>Takes a good answer to a request.</summary>
    /// <param name="body">Its body.</param>
    public void NoteRequest(ReadOnlySpan<byte> body)
    {
        if (source == LastAnswerSource.Requests)
        {
            Note(body.Trim(" \t\r\n"u8));
        }
    }

    private void Note(ReadOnlySpan<byte> answer)
    {
        if (answer.Length <= MaxBytes && !answer.SequenceEqual(_newest) && ResponseCheck.Check(answer, RawToken.MaxDepth).IsOk)
        {
            _newest = answer.ToArray();
        }
    }
}
