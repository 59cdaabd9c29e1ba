using System.Buffers;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A caller's body in pooled memory.</summary>
internal sealed class CallerBody(byte[] rented, int length) : IDisposable
{
    private byte[]? _rented = rented;

    /// <summary>The bytes; empty after disposal.</summary>
    public ReadOnlyMemory<byte> Bytes => _rented is null ? default : _rented.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } mine)
        {
            ArrayPool<byte>.Shared.Return(mine);
        }
    }
}
