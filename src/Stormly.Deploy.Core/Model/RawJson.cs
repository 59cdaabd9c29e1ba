using System.Text;

namespace Stormly.Deploy.Model;

/// <summary>A JSON value kept as the UTF-8 text that somebody wrote: digits, escapes, key order and white space stay as they are.</summary>
/// <param name="Utf8">The text of exactly one JSON value.</param>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Makes a value from text that is known to be JSON.</summary>
    /// <param name="json">The text of one JSON value.</param>
    /// <returns>The value.</returns>
    public static RawJson FromText(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <summary>Compares the texts byte by byte.</summary>
    /// <param name="other">The other value.</param>
    /// <returns>Whether both have the same text.</returns>
    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>The text.</summary>
    /// <returns>The JSON text.</returns>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
