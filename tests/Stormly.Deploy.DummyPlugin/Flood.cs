using System.Diagnostics;
using System.Text;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>
/// Writes a lot: <c>--mb N</c> in all, <c>--rate N</c> megabytes a second (0 = as fast as it goes), <c>--shape lines|nonl|binary|ansi|utf8</c>, <c>--stderr</c>.
/// </summary>
internal static class Flood
{
    private const int Block = 64 * 1024;

    public static void Run(PluginOptions options)
    {
        using var stream = options.Has("stderr") ? Console.OpenStandardError() : Console.OpenStandardOutput();
        var block = Fill(options.Text("shape") ?? "lines");
        var blocks = options.Number("mb", 1) * (1024 * 1024 / Block);
        var rate = options.Number("rate", 0);
        var begun = Stopwatch.GetTimestamp();
        for (var i = 1; i <= blocks; i++)
        {
            stream.Write(block);
            var due = rate == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)i * Block / (rate * 1024 * 1024));
            var early = due - Stopwatch.GetElapsedTime(begun);
            if (early > TimeSpan.FromMilliseconds(5))
            {
                Thread.Sleep(early);
            }
        }

        stream.Write("flood ended\n"u8);
    }

    private static byte[] Fill(string shape)
    {
        var unit = shape switch
        {
            "nonl" => "x"u8.ToArray(),
            "binary" => [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
            "ansi" => "\u001b[31mred\u001b[0m \u001b]0;title\u0007\n"u8.ToArray(),
            "utf8" => [0xC3, 0x28, 0xE2, 0x82, 0xF0, 0x9F, 0xFF, (byte)'\n'],
            _ => Encoding.ASCII.GetBytes(new string('l', 79) + "\n"),
        };
        var block = new byte[Block];
        for (var at = 0; at < Block; at++)
        {
            block[at] = unit[at % unit.Length];
        }

        return block;
    }
}
