using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Launching;

/// <summary>The shim is POSIX shell; these are the shells that machines have as <c>/bin/sh</c>.</summary>
public class LifelineShellsTests
{
    [Theory]
    [InlineData("/bin/dash")]
    [InlineData("/bin/bash")]
    [InlineData("/bin/busybox")]
    public async Task Lifeline_AnyShell_RunsStopsAndSweeps(string shell)
    {
        var program = File.Exists(shell) ? shell : "/usr" + shell;
        Assert.SkipUnless(File.Exists(program), $"{shell} is not installed.");
        await using var sandbox = new Sandbox(o => o.Shell = program);
        if (shell.EndsWith("busybox", StringComparison.Ordinal))
        {
            // busybox is the shell where it is called sh.
            var link = Path.Combine(sandbox.Folder, "sh");
            File.CreateSymbolicLink(link, program);
            await using var inner = new Sandbox(o => o.Shell = link);
            await TryAsync(inner);
            return;
        }

        await TryAsync(sandbox);
    }

    private static async Task TryAsync(Sandbox sandbox)
    {
        var failing = await (await sandbox.StartAsync("exit 7")).Exited.WaitAsync(Sandbox.Token);
        var leaving = await sandbox.StartAsync("sleep 1000 & setsid sleep 1000 & exit 0");
        var left = await leaving.Exited.WaitAsync(Sandbox.Token);
        await Waiting.UntilAsync(() => Sandbox.Living(leaving).Count == 0, "the watcher to sweep", Sandbox.Token);
        var stubborn = await sandbox.StartAsync("trap '' TERM; sleep 1000 & setsid sleep 1000 & wait; sleep 1000");
        await Waiting.UntilAsync(() => Sandbox.Living(stubborn).Count(p => p.Comm == "sleep") >= 2, "the sleepers", Sandbox.Token);
        var stopped = await stubborn.StopAsync(TimeSpan.FromMilliseconds(300), Sandbox.Token);

        Assert.Equal(7, failing.ExitCode);
        Assert.Equal(0, left.ExitCode);
        Assert.Contains("was killed", stopped.Reason, StringComparison.Ordinal);
        Assert.Empty(Sandbox.Living(stubborn));
    }
}
