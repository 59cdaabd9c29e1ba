using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Testing.Tests;

public sealed class ConformanceOptionsTests
{
    [Fact]
    public async Task InitializeAsync_OptionsOutOfRange_NamesAllOfThem()
    {
        var suite = new Suite(new ConformanceOptions { Python = " ", Patience = TimeSpan.Zero, SideBySide = 1, Cycles = 19 });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await suite.InitializeAsync());

        Assert.Equal(
            [
                "`ConformanceOptions.Python` must be a command word, was:  .",
                "`ConformanceOptions.Patience` must be 1 s to 1 h, was: 00:00:00.",
                "`ConformanceOptions.SideBySide` must be 2 to 100, was: 1.",
                "`ConformanceOptions.Cycles` must be 20 to 10000, was: 19.",
            ],
            error.Message.Split(Environment.NewLine));
    }

    private sealed class Suite(ConformanceOptions options) : InstanceHostConformance
    {
        protected override ConformanceOptions Options => options;

        protected override IInstanceHost CreateHost(string stateFolder) => throw new InvalidOperationException("No case runs.");
    }
}
