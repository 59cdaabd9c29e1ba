using System.Buffers;

namespace Stormly.Deploy.Process.Linux;

/// <summary>Reads whole files of <c>/proc</c>, whose length is only known at their end.</summary>
internal static class ProcFile
{
    /// <summary>The greatest number of bytes that is read: the kernel gives a process at most about 6 MiB of arguments and environment.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Reads a file and hands its bytes to a function.</summary>
    /// <typeparam name="T">What the function answers.</typeparam>
    /// <typeparam name="TState">What the function needs.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="state">Handed through.</param>
    /// <param name="read">Called with the bytes, which are gone when it returns.</param>
    /// <returns>The function's answer; the default where the process is gone or its file may not be read.</returns>
    public static T? Read<T, TState>(string path, TState state, Func<ReadOnlySpan<byte>, TState, T?> read)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            using var file = File.OpenHandle(path);
            var length = 0;
            for (int n; (n = RandomAccess.Read(file, buffer.AsSpan(length), length)) > 0;)
            {
                length += n;
                if (length == buffer.Length && !TryGrow(ref buffer))
                {
                    break;
                }
            }

            return read(buffer.AsSpan(0, length), state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryGrow(ref byte[] buffer)
    {
        if (buffer.Length >= MaxBytes)
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
        return true;
    }
}
