using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Reads a caller's body whole, within a size and a time: whatever breaks them is a problem, not an exception.</summary>
internal sealed class CallerBodyReader(int maxBytes, TimeSpan timeout, TimeProvider time)
{
    private const int FirstSize = 4096;
    private const int LargestFirstSize = 64 * 1024;

    /// <summary>Reads the body.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The body, to be disposed, or the problem; neither where the caller went away.</returns>
    public async ValueTask<(CallerBody? Body, WebProblem? Problem)> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            return (null, WebProblem.TooLarge(maxBytes));
        }

        LetServerAllow(context);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var gone = context.RequestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        try
        {
            return await CopyAsync(context.Request, deadline.Token).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            return (null, FromServer(e));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return (null, context.RequestAborted.IsCancellationRequested || e is IOException ? null : WebProblem.TooSlow(timeout));
        }
    }

    // The server's own limit must not be below ours; where it is fixed already, its own error is read below.
    private void LetServerAllow(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit && limit.MaxRequestBodySize < maxBytes)
        {
            limit.MaxRequestBodySize = maxBytes;
        }
    }

    private async ValueTask<(CallerBody? Body, WebProblem? Problem)> CopyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength + 1 ?? FirstSize, LargestFirstSize));
        var length = 0;
        var keep = false;
        try
        {
            int got;
            while ((got = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += got;
                if (length > maxBytes)
                {
                    return (null, WebProblem.TooLarge(maxBytes));
                }

                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length);
                }
            }

            keep = true;
            return (new CallerBody(buffer, length), null);
        }
        finally
        {
            if (!keep)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * length, maxBytes + 1L));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private WebProblem FromServer(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => WebProblem.TooLarge(maxBytes),
        StatusCodes.Status408RequestTimeout => WebProblem.TooSlow(timeout),
        _ => WebProblem.Malformed,
    };
}
