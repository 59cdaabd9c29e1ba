using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Logs;

/// <summary>Turns the bytes of one line into text that is safe to show.</summary>
internal static class LogLine
{
    /// <summary>The longest piece that is handled as one line; a longer line comes in several pieces.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Leaves out the NULs of cut-away parts and a carriage return at the end; what cannot be printed is escaped.</summary>
    public static string ToText(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)'\r');
        if (line.Contains((byte)0))
        {
            byte[] kept = [.. line.ToArray().Where(b => b != 0)];
            line = kept;
        }

        return PrintableText.Escape(Encoding.UTF8.GetString(line), keepLineBreaks: true);
    }
}
