namespace Stormly.Deploy.Requests;

/// <summary>Writes <c>{"props":{"now":…,…}}</c> into memory that is known to be large enough.</summary>
internal ref struct BodyWriter
{
    /// <summary>Room for everything but the members themselves.</summary>
    public const int Overhead = 24 + NowText.MaxLength;

    private readonly Span<byte> _output;
    private int _length;

    public BodyWriter(Span<byte> output) => _output = output;

    /// <summary>How much is written.</summary>
    public readonly int Length => _length;

    public void Open(DateTimeOffset now, NowFormat format)
    {
        Append("{\"props\":{\"now\":"u8);
        _length += NowText.Write(now, format, _output[_length..]);
    }

    /// <summary>Adds members with a comma before them; nothing where there are none.</summary>
    /// <param name="members">Whole members.</param>
    public void AppendMembers(ReadOnlySpan<byte> members)
    {
        if (!members.IsEmpty)
        {
            Append(","u8);
            Append(members);
        }
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_output[_length..]);
        _length += text.Length;
    }

    public int Close()
    {
        Append("}}"u8);
        return _length;
    }
}
