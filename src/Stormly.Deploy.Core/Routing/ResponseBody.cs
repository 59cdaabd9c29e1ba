using System.Buffers;

namespace Stormly.Deploy.Routing;

/// <summary>Reads a response body into memory of the shared pool, growing with what really comes and never past its limit.</summary>
internal static class ResponseBody
{
    private const int FirstSize = 4096;
    private const int LargestFirstSize = 64 * 1024;

    /// <summary>Reads to the end of the body.</summary>
    /// <param name="source">The body.</param>
    /// <param name="announced">The length that the headers give; null where they give none.</param>
    /// <param name="limit">The greatest length.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Rented memory (null where the body is empty) and the length, or a length of -1 where the body is too large; then nothing is rented.</returns>
    public static async ValueTask<(byte[]? Rented, int Length)> ReadAsync(Stream source, long? announced, int limit, CancellationToken cancellationToken)
    {
        if (announced > limit)
        {
            return (null, -1);
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(announced + 1 ?? FirstSize, LargestFirstSize));
        var length = 0;
        var keep = false;
        try
        {
            int got;
            while ((got = await source.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += got;
                if (length > limit)
                {
                    return (null, -1);
                }

                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length, limit);
                }
            }

            keep = length > 0;
            return (keep ? buffer : null, length);
        }
        finally
        {
            if (!keep)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static byte[] Grow(byte[] buffer, int length, int limit)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * length, limit + 1L));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
