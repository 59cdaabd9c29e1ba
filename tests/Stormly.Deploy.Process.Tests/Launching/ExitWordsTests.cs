using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Launching;

namespace Stormly.Deploy.Process.Tests.Launching;

public class ExitWordsTests
{
    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(128, 128, null)]
    [InlineData(129, null, 1)]
    [InlineData(137, null, 9)]
    [InlineData(143, null, 15)]
    [InlineData(159, null, 31)]
    [InlineData(160, 160, null)]
    [InlineData(255, 255, null)]
    public void OnItsOwn_EveryCode_IsACodeOrASignal(int code, int? exitCode, int? signal)
    {
        var exit = ExitWords.OnItsOwn(code, "");

        Assert.Equal(exitCode, exit.ExitCode);
        Assert.Equal(signal, exit.Signal);
        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
        Assert.Contains($"{exitCode ?? signal}", exit.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false, "was stopped (exit code 0).")]
    [InlineData(143, false, "was stopped (signal 15).")]
    [InlineData(137, true, "was stopped: it did not end within its grace and was killed.")]
    public void Stopped_SaysHow(int code, bool forced, string reason)
    {
        var exit = ExitWords.Stopped(code, forced);

        Assert.Equal(ExitCause.Stopped, exit.Cause);
        Assert.Equal(reason, exit.Reason);
    }
}
