using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Stopping;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests;

public class DisposalTests
{
    [Fact]
    [Trait("Fault", "56")]
    public async Task DisposeAsync_CalledByMany_EndsEverythingOnce()
    {
        await using var sandbox = new Sandbox();
        var instances = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => sandbox.StartAsync("setsid sleep 1000 & sleep 1000")));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () => await sandbox.Host.DisposeAsync())));

        Assert.All(instances, i => Assert.Empty(Sandbox.Living(i)));
        Assert.All(instances, i => Assert.Equal(ExitCause.Stopped, i.Exited.Result.Cause));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sandbox.Host.StartAsync(sandbox.Spec("sleep 1000"), Sandbox.Token));
    }

    [Fact]
    [Trait("Fault", "56")]
    public async Task DisposeAsync_DuringStarts_LeavesNothing()
    {
        await using var sandbox = new Sandbox();
        var starts = Enumerable.Range(0, 12).Select(_ => Task.Run(() => sandbox.StartAsync("sleep 1000"))).ToList();

        await Task.WhenAny(starts);
        await sandbox.Host.DisposeAsync();

        var refused = 0;
        foreach (var start in starts)
        {
            try
            {
                var instance = await start.WaitAsync(Sandbox.Token);
                await instance.Exited.WaitAsync(Sandbox.Token);
                Assert.Empty(Sandbox.Living(instance));
            }
            catch (ObjectDisposedException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 0, starts.Count - 1);
    }

    [Fact]
    [Trait("Fault", "56")]
    public async Task DisposeAsync_FromTheExitOfAnInstance_Ends()
    {
        await using var sandbox = new Sandbox();
        var other = await sandbox.StartAsync("sleep 1000");
        var ends = await sandbox.StartAsync("exit 3");

        await ends.Exited.ContinueWith(async _ => await sandbox.Host.DisposeAsync(), Sandbox.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap().WaitAsync(Sandbox.Token);

        Assert.Empty(Sandbox.Living(other));
        Assert.Equal(3, (await ends.Exited).ExitCode);
    }

    [Fact]
    [Trait("Fault", "12")]
    public async Task StartAsync_CancelledAtAnyMoment_LeavesNothing()
    {
        await using var sandbox = new Sandbox();
        var records = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            using var cancel = new CancellationTokenSource();
            var spec = sandbox.Spec("sleep 1000");
            var start = sandbox.Host.StartAsync(spec, cancel.Token);
            await Task.WhenAny(start, Task.Delay(i, Sandbox.Token));
            await cancel.CancelAsync();
            try
            {
                await (await start).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                records.Add(spec.Folder);
            }
        }

        await Waiting.UntilAsync(() => !Process.Linux.ProcTable.AllPids().Any(p => records.Exists(r => Process.Linux.ProcTable.ReadEnvironment(p, "MANIFEST_FILE")?.StartsWith(r, StringComparison.Ordinal) == true)), "cancelled starts to be gone", Sandbox.Token);
        Assert.Empty(Directory.EnumerateFiles(sandbox.InstancesFolder, "process.json", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task StopAsync_RightAfterStart_LeavesNothing()
    {
        await using var sandbox = new Sandbox();

        for (var i = 0; i < 20; i++)
        {
            var instance = await sandbox.StartAsync(i % 2 == 0 ? "sleep 1000" : "setsid sleep 1000 & sleep 1000");
            var exit = await instance.StopAsync(i % 4 < 2 ? TimeSpan.Zero : Sandbox.LongGrace, Sandbox.Token);
            Assert.Equal(ExitCause.Stopped, exit.Cause);
            Assert.Empty(InstanceMembers.Find(instance.Identity).Plugin);
        }
    }
}
