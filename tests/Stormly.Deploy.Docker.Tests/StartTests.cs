using System.Globalization;
using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Docker.Tests;

public class StartTests
{
    private static readonly string[] Own = ["HOME", "LOG_FILE", "MANIFEST_FILE", "PORT"];

    [Fact]
    public async Task StartAsync_FixedPortManyTimes_EachIsReachedAtItsOwnAddress()
    {
        await using var sandbox = await Sandbox.MakeAsync();

        var instances = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => sandbox.StartAsync(Sandbox.Serve.Replace("true", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))));

        Assert.Equal(5, instances.Select(i => i.Address).Distinct().Count());
        Assert.Equal(5, (await sandbox.ContainersAsync()).Count);
        for (var i = 0; i < instances.Length; i++)
        {
            await instances[i].WaitReadyAsync();
            Assert.Equal("127.0.0.1", instances[i].Address.Host);
            Assert.Equal($"{{\"ok\":{i}}}\n", await instances[i].GetAsync("/status"));
            Assert.Equal(ListenerVerdict.Ours, (await instances[i].CheckListenerAsync(Sandbox.Token)).Verdict);
        }
    }

    [Fact]
    public async Task StartAsync_ContainerAddress_IsReachedWithoutAnyPublishedPort()
    {
        await using var sandbox = await Sandbox.MakeAsync(o => o.Reach = DockerReach.ContainerAddress);

        var instance = await sandbox.StartAsync(Sandbox.Serve);

        await instance.WaitReadyAsync();
        Assert.Equal(5000, instance.Address.Port);
        Assert.All(await sandbox.ContainersAsync(), c => Assert.DoesNotContain(c.Ports, p => p.PublicPort is not null));
    }

    [Fact]
    public async Task StartAsync_Environment_HoldsTheContractsVariablesAndNothingOfTheHost()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var spec = sandbox.Spec("env > environment; cat $MANIFEST_FILE > copy; pwd > place; echo line >> $LOG_FILE; umask; id -u; exit 0");
        spec = spec with { Environment = spec.Environment.Add("ADDED", "by the host, with = and \"quotes\"") };

        var instance = await sandbox.StartAsync(spec);
        await instance.Exited.WaitAsync(Sandbox.Token);

        var variables = File.ReadAllLines(Path.Combine(spec.WorkFolder, "environment")).Select(l => l.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        Assert.Equal("by the host, with = and \"quotes\"", variables["ADDED"]);
        Assert.Equal("5000", variables["PORT"]);
        Assert.Empty(variables.Keys.Except([.. Own, "ADDED", "PATH", "HOSTNAME", "PWD", "SHLVL", "OLDPWD", "TZ"]));
        Assert.Equal("""{"stage":"server"}""", File.ReadAllText(Path.Combine(spec.WorkFolder, "copy")));
        Assert.Equal("/stormly/work\n", File.ReadAllText(Path.Combine(spec.WorkFolder, "place")));
        Assert.Equal("line\n", File.ReadAllText(spec.LogFile));
    }

    [Fact]
    public async Task StartAsync_Defaults_AreSafe()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        const string Look = "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; id -u; touch /new 2>&1; touch /tmp/new && echo temporary; echo x > $MANIFEST_FILE; touch here && echo own";

        var exit = await sandbox.RunAsync(Look);

        Assert.Contains("CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2", exit.OutputTail, StringComparison.Ordinal);
        Assert.Contains("touch: /new: Read-only file system", exit.OutputTail, StringComparison.Ordinal);
        Assert.Contains("temporary", exit.OutputTail, StringComparison.Ordinal);
        Assert.Contains("own", exit.OutputTail, StringComparison.Ordinal);
        Assert.Contains("can't create /stormly/manifest.json", exit.OutputTail, StringComparison.Ordinal);
        Assert.DoesNotContain("\n0\n", exit.OutputTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_Limits_AreTheEngines()
    {
        await using var sandbox = await Sandbox.MakeAsync(o =>
        {
            o.MemoryBytes = 64 << 20;
            o.Plugins["dummy"] = new DockerPluginOptions { Processors = 0.5, Processes = 20 };
        });

        var instance = await sandbox.StartAsync("sleep 1000");

        var limits = (await TestEngine.Client.Containers.InspectContainerAsync(instance.ContainerId, Sandbox.Token)).HostConfig!;
        Assert.Equal(64 << 20, limits.Memory);
        Assert.Equal(64 << 20, limits.MemorySwap);
        Assert.Equal(500_000_000, limits.NanoCPUs);
        Assert.Equal(20, limits.PidsLimit);
        Assert.Equal(RestartPolicyKind.No, limits.RestartPolicy?.Name);
    }

    [Fact]
    public async Task StartAsync_CommandWithQuotesAndLineEnds_IsRunAsWritten()
    {
        await using var sandbox = await Sandbox.MakeAsync();

        var exit = await sandbox.RunAsync("echo \"it's $(echo nested)\";\necho 'second $line' \"\\\\\"");

        Assert.Equal("it's nested\nsecond $line \\", exit.OutputTail);
    }

    [Fact]
    public async Task StartAsync_Cancelled_LeavesNothing()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        for (var delay = 0; delay < 200; delay += 20)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Sandbox.Token);
            var start = sandbox.Host.StartAsync(sandbox.Spec("sleep 1000"), cancel.Token);
            await Task.Delay(delay, Sandbox.Token);
            await cancel.CancelAsync();
            try
            {
                await (await start).StopAsync(TimeSpan.Zero, Sandbox.Token);
            }
            catch (OperationCanceledException)
            {
                // What is asked for.
            }
        }

        await Waiting.UntilAsync(() => sandbox.ContainersAsync().GetAwaiter().GetResult().Count == 0, "every container to be removed", Sandbox.Token);
    }

    [Fact]
    public async Task StartAsync_NoImageSet_IsRefusedBeforeAnythingIsStarted()
    {
        await using var sandbox = await Sandbox.MakeAsync(o => o.Image = null);
        var spec = sandbox.Spec("sleep 1000");

        var answer = await sandbox.Host.CheckPlacementAsync(new PlacementPlan(spec.Plugin, spec.StartCommand, 5000, 1), Sandbox.Token);
        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.StartAsync(spec));

        Assert.Equal(0, answer.MaxInstances);
        Assert.Contains("Docker:Plugins:dummy:Image", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(answer.Reason, error.Reason);
    }

    [Fact]
    public async Task StartAsync_ShellMissing_SaysSo()
    {
        await using var sandbox = await Sandbox.MakeAsync(o => o.Shell = "/bin/none");
        var instance = await sandbox.StartAsync("sleep 1000");

        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(ExitCause.CommandNotRunnable, exit.Cause);
        Assert.Contains("/bin/none", exit.OutputTail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5:6", false, "5:6")]
    [InlineData("5:6", true, "5:6")]
    [InlineData("7", true, "7:7")]
    [InlineData("0:0", false, "0:0")]
    public void Choose_SaidByTheOptions_IsTaken(string configured, bool rootless, string expected)
        => Assert.Equal(expected, ContainerUser.Choose(configured, rootless).ToString());
}
