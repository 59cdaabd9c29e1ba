using System.Security.Cryptography;
using System.Text;

namespace Stormly.Deploy.AspNetCore;

/// <summary>The keys of callers that speak for others. Holds digests, so that a comparison tells nothing about a key, not even its length.</summary>
internal sealed class CallerKeys(IEnumerable<string> keys)
{
    private const int Longest = 512;

    private readonly byte[][] _digests = [.. keys.Select(k => SHA256.HashData(Encoding.UTF8.GetBytes(k)))];

    /// <summary>Whether a key is one of them; every one is compared, however early one fits.</summary>
    /// <param name="key">What a caller sent; null is none.</param>
    /// <returns>Whether it is.</returns>
    public bool Contains(string? key)
    {
        if (_digests.Length == 0 || key is not { Length: > 0 and <= Longest })
        {
            return false;
        }

        var sent = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var found = false;
        foreach (var digest in _digests)
        {
            found |= CryptographicOperations.FixedTimeEquals(sent, digest);
        }

        return found;
    }
}
