using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Launching;

public class EndByItselfTests
{
    [Theory]
    [Trait("Fault", "1")]
    [InlineData("stormly-no-such-program --port {port}", 127)]
    [InlineData("./manifest.txt", 126)]
    public async Task Exited_CommandCannotRun_SaysSoWithCodeAndOutput(string command, int code)
    {
        await using var sandbox = new Sandbox();

        var spec = sandbox.Spec(command);
        await File.WriteAllTextAsync(Path.Combine(spec.WorkFolder, "manifest.txt"), "no program", Sandbox.Token);

        var instance = await sandbox.StartAsync(spec);
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(ExitCause.CommandNotRunnable, exit.Cause);
        Assert.Equal(code, exit.ExitCode);
        Assert.Contains(code == 127 ? "was not found" : "may not be executed", exit.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(exit.OutputTail);
    }

    [Fact]
    [Trait("Fault", "2")]
    public async Task Exited_CodeThree_HasCodeAndLastWords()
    {
        await using var sandbox = new Sandbox();

        var instance = await sandbox.StartAsync("echo one; echo 'bad config' >&2; exit 3");
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
        Assert.Equal(3, exit.ExitCode);
        Assert.Null(exit.Signal);
        Assert.Contains("exit code 3", exit.Reason, StringComparison.Ordinal);
        Assert.Contains("bad config", exit.OutputTail, StringComparison.Ordinal);
        Assert.Contains("one", exit.OutputTail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "3")]
    public async Task Exited_CodeZero_SaysThatItShouldKeepRunning()
    {
        await using var sandbox = new Sandbox();

        var exit = await (await sandbox.StartAsync("exit 0")).Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(0, exit.ExitCode);
        Assert.Contains("ended although it should keep running", exit.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "4")]
    [InlineData("sleep 1000 &")]
    [InlineData("setsid sleep 1000 & exit 0")]
    [InlineData("setsid -f sleep 1000")]
    public async Task Exited_CommandInBackground_SaysSoAndLeftoversEnd(string command)
    {
        await using var sandbox = new Sandbox();

        var instance = await sandbox.StartAsync(command);
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(0, exit.ExitCode);
        Assert.Contains("into the background", exit.Reason, StringComparison.Ordinal);

        // At that moment the process may still bear the name of the program that starts it.
        Assert.Matches(@"process \d+ \((sleep|setsid|sh)\)", exit.Reason);
        await Waiting.UntilAsync(() => Sandbox.Living(instance).Count == 0, "the lifeline's watcher to end what was left", Sandbox.Token);
    }

    [Fact]
    [Trait("Fault", "4")]
    public async Task StopAsync_AfterCommandWentIntoBackground_EndsWhatItLeft()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync($"trap '' TERM; {DummyPlugin.Command("daemonise --ignore-term --port {port}")}");
        await instance.Exited.WaitAsync(Sandbox.Token);

        await instance.StopAsync(TimeSpan.Zero, Sandbox.Token);

        Assert.Empty(Sandbox.Living(instance));
    }

    [Theory]
    [Trait("Fault", "23")]
    [InlineData("kill -KILL $$", 9, "killed by signal 9, perhaps out of memory")]
    [InlineData("sh -c 'kill -KILL $$'; exit $?", 9, "perhaps out of memory")]
    [InlineData("kill -SEGV $$", 11, "crashed with signal 11")]
    public async Task Exited_BySignal_NamesIt(string command, int signal, string words)
    {
        await using var sandbox = new Sandbox();

        var exit = await (await sandbox.StartAsync(command)).Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(signal, exit.Signal);
        Assert.Null(exit.ExitCode);
        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
        Assert.Contains(words, exit.Reason, StringComparison.Ordinal);
    }
}
