using System.Numerics;
using System.Runtime.InteropServices;

namespace Stormly.Deploy.Json;

/// <summary>
/// Hashes the name of a JSON member. The runtime's own string hash is keyed with a secret of the process, so that nobody can send names that all
/// fall together.
/// </summary>
internal static class NameHash
{
    public static uint Of(ReadOnlySpan<byte> name)
    {
        var hash = (uint)string.GetHashCode(MemoryMarshal.Cast<byte, char>(name));
        return (name.Length & 1) == 0 ? hash : BitOperations.RotateLeft(hash, 9) ^ name[^1];
    }
}
