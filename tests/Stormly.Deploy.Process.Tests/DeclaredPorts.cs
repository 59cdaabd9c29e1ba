using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests;

/// <summary>
/// Ports that nobody else of these tests has, below the range that instances draw from: one for each command that cannot be moved, a hundred for each host application
/// in a process of its own. They start anywhere, as another run of these tests may be under way on the machine.
/// </summary>
internal static class DeclaredPorts
{
    /// <summary>What tells a host application its first port.</summary>
    public const string Variable = "STORMLY_TEST_DECLARED_PORTS";

    private const int Each = 5000;
    private const int Block = 100;

    private static int _last = Random.Shared.Next(Each);
    private static int _lastBlock = Random.Shared.Next(Each / Block);

    /// <summary>One port.</summary>
    public static int Next() => 10_000 + (Interlocked.Increment(ref _last) % Each);

    /// <summary>The first port of a hundred.</summary>
    public static int NextBlock() => 15_000 + (Interlocked.Increment(ref _lastBlock) % (Each / Block) * Block);

    /// <summary>Waits until a port that was given back is free on the whole machine: a process that is being started just then holds it until it is the program that it is to be.</summary>
    public static Task UntilFreeAsync(int port)
        => Waiting.UntilAsync(
            () => !File.Exists("/proc/net/unix") || !File.ReadLines("/proc/net/unix").Any(line => line.EndsWith($"@stormly-deploy/port/{port}", StringComparison.Ordinal)),
            $"port {port} to be free again", TestContext.Current.CancellationToken);
}
