namespace Stormly.Deploy.Benchmarks;

/// <summary>User agents that nobody would send in peace.</summary>
internal static class HostileUserAgents
{
    /// <summary>What they are made of.</summary>
    public static IReadOnlyList<string> Seeds { get; } =
    [
        "Mozilla/5.0 ", "(", "Android ", "Windows NT ", "Opera Mini ", "CPU OS ", ";;;; ", "Chrome/1", "bot", "A", "((((Version/1.0))))", "OS X 1_", "a ", LookAhead,
    ];

    /// <summary>Not repeated but doubled: each word of the first half looks at the whole second half.</summary>
    public const string LookAhead = "CPU/OS/ 1";

    /// <summary>Makes one.</summary>
    /// <param name="seed">What it is made of.</param>
    /// <param name="length">How long.</param>
    /// <returns>It.</returns>
    public static string Make(string seed, int length)
        => seed == LookAhead ? Fill("CPU/OS/", (length / 2) - 1) + " " + Fill("1", length - (length / 2)) : Fill(seed, length);

    private static string Fill(string seed, int length) => string.Concat(Enumerable.Repeat(seed, (length / seed.Length) + 1))[..length];
}
