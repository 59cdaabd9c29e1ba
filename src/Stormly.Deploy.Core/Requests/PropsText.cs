namespace Stormly.Deploy.Requests;

/// <summary>Which bytes of a caller's body are its props, without the caller's own <c>now</c>: one piece, or two around it. Each piece is whole members, or empty.</summary>
/// <param name="First">The piece before <c>now</c>, or all of it.</param>
/// <param name="Second">The piece after <c>now</c>.</param>
internal readonly record struct PropsText(Range First, Range Second)
{
    /// <summary>Cuts <c>now</c> out.</summary>
    /// <param name="body">The caller's body.</param>
    /// <param name="props">What stands between the braces of <c>props</c>.</param>
    /// <param name="now">The caller's <c>now</c> with its value; empty where there is none.</param>
    /// <returns>What is left.</returns>
    public static PropsText Cut(ReadOnlySpan<byte> body, Range props, Range now)
    {
        if (now.Equals(default))
        {
            return new PropsText(Trim(body, props.Start.Value, props.End.Value), default);
        }

        return new PropsText(Trim(body, props.Start.Value, now.Start.Value), Trim(body, now.End.Value, props.End.Value));
    }

    /// <summary>Takes white space and the comma next to <c>now</c> off both ends: neither can be part of a member.</summary>
    private static Range Trim(ReadOnlySpan<byte> body, int start, int end)
    {
        var piece = body[start..end];
        var from = start + piece.Length - piece.TrimStart(" \t\r\n,"u8).Length;
        return from..(from + piece.Trim(" \t\r\n,"u8).Length);
    }
}
