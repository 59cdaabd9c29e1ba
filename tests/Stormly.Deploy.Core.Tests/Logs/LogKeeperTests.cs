using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Logs;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>The keeper's loop, on a clock of the test.</summary>
public class LogKeeperTests
{
    private const long Cap = 1L << 30;

    [Theory]
    [InlineData(Cap, 0, 0.0, 1000)]
    [InlineData(Cap, Cap / 2, 0.0, 500)]
    [InlineData(Cap, 0, 1024.0 * (1 << 20), 500)]
    [InlineData(Cap, Cap, 0.0, 100)]
    [InlineData(Cap, 3 * Cap, 0.0, 100)]
    [InlineData(100 * Cap, 0, 0.0, 5000)]
    public void UntilNextLook_FreeAndRate_LetsAWriterFillHalfOfWhatIsFree(long cap, long disk, double rate, int milliseconds)
        => Assert.Equal(milliseconds, LogPace.UntilNextLook(cap, disk, rate).TotalMilliseconds, 0.001);

    [Theory]
    [InlineData(1L << 20, null)]
    [InlineData((1L << 20) - 1, "`Logs:CapBytes` must be at least 1048576 bytes (1 MiB), was: 1048575")]
    [InlineData(-1, "`Logs:CapBytes` must be at least 1048576 bytes (1 MiB), was: -1")]
    public void Validate_CapBytes_ToldByPath(long cap, string? problem)
        => Assert.Equal(problem, new LogOptionsValidator().Validate(null, new LogOptions { CapBytes = cap }).FailureMessage);

    [Fact]
    public void CapBytes_Default_IsOneGibibyte() => Assert.Equal(1_073_741_824, new LogOptions().CapBytes);

    [Fact]
    [Trait("Fault", "49")]
    public async Task Watch_OneLogFails_OthersAreStillLookedAt()
    {
        var time = new FakeTimeProvider();
        var good = new FakeCap();
        await using var keeper = Keep(time, new() { ["/bad"] = new FakeCap { Failure = new IOException("No space left on device") }, ["/good"] = good });
        using var first = keeper.Watch("/bad");
        using var second = keeper.Watch("/good");

        for (var looks = 1; looks <= 3; looks++)
        {
            await Waiting.UntilAsync(() => good.Looks >= looks, $"look {looks}", TestContext.Current.CancellationToken);
            await AdvanceUntilAsync(time, () => good.Looks > looks);
        }
    }

    [Fact]
    public async Task Dispose_OfAWatch_EndsTheLooksAndForgets()
    {
        var time = new FakeTimeProvider();
        var (ended, goesOn) = (new FakeCap(), new FakeCap());
        await using var keeper = Keep(time, new() { ["/a"] = ended, ["/b"] = goesOn });
        using (keeper.Watch("/a"))
        {
            await Waiting.UntilAsync(() => ended.Looks > 0, "the first look", TestContext.Current.CancellationToken);
        }

        using var other = keeper.Watch("/b");
        await AdvanceUntilAsync(time, () => ended.IsDisposed);
        var looks = ended.Looks;
        var others = goesOn.Looks;
        await AdvanceUntilAsync(time, () => goesOn.Looks > others + 2);
        Assert.Equal(looks, ended.Looks);
    }

    [Fact]
    [Trait("Fault", "56")]
    public async Task DisposeAsync_Twice_EndsOnceAndRefusesNewLogs()
    {
        var keeper = Keep(new FakeTimeProvider(), new() { ["/a"] = new FakeCap() });
        using var watch = keeper.Watch("/a");

        await keeper.DisposeAsync();
        await keeper.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => keeper.Watch("/a"));
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition)
        => await Waiting.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            "the keeper's next look",
            TestContext.Current.CancellationToken);

    private static LogKeeper Keep(FakeTimeProvider time, Dictionary<string, FakeCap> caps)
        => new(time, Options.Create(new LogOptions()), NullLogger<LogKeeper>.Instance, path => caps[path]);

    private sealed class FakeCap : ILogCap
    {
        private int _looks;

        public Exception? Failure { get; init; }

        public int Looks => Volatile.Read(ref _looks);

        public bool IsDisposed { get; private set; }

        public LogLook Look()
        {
            Interlocked.Increment(ref _looks);
            return Failure is null ? new LogLook(0, 0, [], []) : throw Failure;
        }

        public void Dispose() => IsDisposed = true;
    }
}
