namespace Stormly.Deploy.Routing;

/// <summary>
/// On which side of a canary a key lies. A key has a place between 0 and 1 that depends on nothing but the key and the canary's revision, and gets the
/// canary where its place is below the share: a greater share only moves keys from the other side to the canary. The place is the upper 53 bits of
/// the 64-bit FNV-1a hash of the revision's digest, a zero byte and the key, all in UTF-8, after MurmurHash3's finalizer.
/// </summary>
internal static class CanaryShare
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The place of a key.</summary>
    /// <param name="salt">The digest of the canary's revision, so that not the same keys get every canary.</param>
    /// <param name="key">The key.</param>
    /// <returns>From 0 to below 1.</returns>
    public static double PlaceOf(string salt, string key)
    {
        var hash = Finish(Add(Add(Offset, salt) * Prime, key));
        return (hash >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            foreach (var b in utf8[..length])
            {
                hash = (hash ^ b) * Prime;
            }
        }

        return hash;
    }

    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
