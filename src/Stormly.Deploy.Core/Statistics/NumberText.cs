using System.Buffers.Text;

namespace Stormly.Deploy.Statistics;

/// <summary>One way to write each number: <c>1</c>, <c>1.0</c> and <c>10e-1</c> are the same value. Exact, whatever its size.</summary>
internal static class NumberText
{
    /// <summary>Room for every number that can be written.</summary>
    public const int MaxLength = MaxDigits + 16;

    private const int MaxDigits = 40;
    private const int LongestPlain = 21;
    private const int MostZeros = 6;

    /// <summary>Writes a number in its one way.</summary>
    /// <param name="number">A number as JSON allows it.</param>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written; 0 where it has too many digits, or lies beyond a 64-bit float.</returns>
    public static int Write(ReadOnlySpan<byte> number, Span<byte> output)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        if (!TryRead(number, digits, out var count, out var exponent))
        {
            return 0;
        }

        if (count == 0)
        {
            output[0] = (byte)'0';
            return 1;
        }

        var writer = new Writer(output);
        if (number[0] == '-')
        {
            writer.Add("-"u8);
        }

        writer.AddNumber(digits[..count], exponent);
        return writer.Length;
    }

    /// <summary>The significant digits, without zeros at either end, and the power of ten that the last one counts.</summary>
    private static bool TryRead(ReadOnlySpan<byte> number, Span<byte> digits, out int count, out int exponent)
    {
        (count, exponent) = (0, 0);
        var mark = number.IndexOfAny("eE"u8);
        var mantissa = mark < 0 ? number : number[..mark];
        if (mark >= 0 && (!Utf8Parser.TryParse(number[(mark + 1)..].TrimStart((byte)'+'), out exponent, out _) || exponent is < -9999 or > 9999))
        {
            return false;
        }

        var zeros = 0;
        var afterPoint = false;
        foreach (var b in mantissa)
        {
            if (b == '.')
            {
                afterPoint = true;
            }
            else if (b != '-')
            {
                exponent -= afterPoint ? 1 : 0;
                if (b == '0')
                {
                    zeros += count > 0 ? 1 : 0;
                    continue;
                }

                if (count + zeros >= MaxDigits)
                {
                    return false;
                }

                digits.Slice(count, zeros).Fill((byte)'0');
                count += zeros;
                zeros = 0;
                digits[count++] = b;
            }
        }

        exponent += zeros;
        return count == 0 || count + exponent is > -308 and <= 309;
    }

    private ref struct Writer(Span<byte> output)
    {
        private readonly Span<byte> _output = output;

        public int Length { get; private set; }

        public void Add(scoped ReadOnlySpan<byte> text)
        {
            text.CopyTo(_output[Length..]);
            Length += text.Length;
        }

        public void AddNumber(scoped ReadOnlySpan<byte> digits, int exponent)
        {
            var point = digits.Length + exponent;
            if (exponent >= 0 && point <= LongestPlain)
            {
                Add(digits);
                AddZeros(exponent);
            }
            else if (point > 0 && exponent < 0)
            {
                Add(digits[..point]);
                Add("."u8);
                Add(digits[point..]);
            }
            else if (point <= 0 && point > -MostZeros)
            {
                Add("0."u8);
                AddZeros(-point);
                Add(digits);
            }
            else
            {
                Add(digits[..1]);
                Add(digits.Length > 1 ? "."u8 : ""u8);
                Add(digits[1..]);
                Add("e"u8);
                Utf8Formatter.TryFormat(point - 1, _output[Length..], out var written);
                Length += written;
            }
        }

        private void AddZeros(int count)
        {
            _output.Slice(Length, count).Fill((byte)'0');
            Length += count;
        }
    }
}
