using System.Buffers;

namespace Stormly.Deploy.Routing;

/// <summary>What came of one call to an instance. Owns the memory of its body until it is disposed.</summary>
public sealed class CallOutcome : IDisposable
{
    private byte[]? _rented;

    private CallOutcome(CallResult result, int statusCode, byte[]? rented, int length, string detail)
    {
        Result = result;
        StatusCode = statusCode;
        _rented = rented;
        Body = rented is null ? default : rented.AsMemory(0, length);
        Detail = detail;
    }

    /// <summary>How the call ended.</summary>
    public CallResult Result { get; }

    /// <summary>The HTTP status code; 0 where there was no answer.</summary>
    public int StatusCode { get; }

    /// <summary>The body, empty where there is none. Not to be used after disposal.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>What was seen, in words; empty for an answer.</summary>
    public string Detail { get; }

    /// <summary>A whole answer, with whatever code.</summary>
    /// <param name="statusCode">Its code.</param>
    /// <param name="body">Its body; it is copied.</param>
    /// <returns>The outcome.</returns>
    public static CallOutcome Answered(int statusCode, ReadOnlySpan<byte> body)
    {
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented);
        return Answered(statusCode, rented, body.Length);
    }

    /// <summary>No whole answer.</summary>
    /// <param name="result">How it ended: anything but <see cref="CallResult.Answered"/>.</param>
    /// <param name="detail">What was seen, in words that a person reads in an error.</param>
    /// <returns>The outcome.</returns>
    public static CallOutcome Failed(CallResult result, string detail) => new(result, 0, null, 0, detail);

    /// <summary>Gives the body's memory back. It may be called twice.</summary>
    public void Dispose()
    {
        Body = default;
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>A whole answer, without copying.</summary>
    /// <param name="statusCode">Its code.</param>
    /// <param name="rented">Memory of the shared pool that begins with the body; becomes the outcome's own.</param>
    /// <param name="length">The body's length.</param>
    /// <returns>The outcome.</returns>
    internal static CallOutcome Answered(int statusCode, byte[]? rented, int length) => new(CallResult.Answered, statusCode, rented, length, "");
}
