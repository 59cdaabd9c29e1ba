using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Ports;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Ports;

/// <summary>No two instances get one port: not in this process, not in another, and never one that somebody listens on.</summary>
public class PortBrokerTests
{
    private const string Movable = "flask run -p 5000";
    private const string HandOver = "STORMLY_TEST_PORTS_FILE";

    private static readonly PluginName Churn = PluginName.Parse("churn");
    private static readonly PluginName Other = PluginName.Parse("other");

    [Fact]
    public void Defaults_AreTheDesigns()
    {
        var options = new PortOptions();

        Assert.Equal((PortMode.Auto, 20000, 29999), (options.Mode, options.First, options.Last));
        Assert.Empty(PortOptionsValidator.FindProblems(options, "Ports"));
    }

    [Fact]
    public void Validate_EverythingWrong_TellsEveryProblem()
    {
        var result = new PortOptionsValidator().Validate(null, new PortOptions { Mode = (PortMode)7, First = 80, Last = 79 });

        Assert.Equal(
            ["`Ports:Mode` must be Auto or Fixed, was: 7", "`Ports:First` must be a port from 1024 to 65535, was: 80", "`Ports:Last` must be a port from `Ports:First` (80) to 65535, was: 79"],
            result.Failures);
        Assert.True(new PortOptionsValidator().Validate(null, new PortOptions { First = 1024, Last = 65535 }).Succeeded);
        Assert.True(new PortOptionsValidator().Validate(null, new PortOptions { First = 65535, Last = 65535 }).Succeeded);
        Assert.True(new PortOptionsValidator().Validate(null, new PortOptions { First = 65535, Last = 65536 }).Failed);
    }

    [Theory]
    [InlineData(Movable)]
    [InlineData("flask run -p {port}")]
    [InlineData("flask run -p $PORT")]
    public void Check_CommandCanMove_IsUnlimited(string command)
        => Assert.Equal(PlacementAnswer.Unlimited, new PortBroker(new PortOptions()).Check(new PlacementPlan(Churn, command, 5000, 3)));

    [Fact]
    public void Check_CommandCannotMove_SaysWhyAndTheThreeWaysOut()
    {
        var answer = new PortBroker(new PortOptions()).Check(new PlacementPlan(Churn, "gunicorn --timeout 5000 -b 0.0.0.0:5000 server:app", 5000, 3));

        Assert.Equal(1, answer.MaxInstances);
        Assert.Equal(
            "Plugin 'churn' can run only one local instance: its port 5000 occurs twice in startServerCmd (`--timeout 5000 -b 0.0.0.0:5000`). "
                + "Write `{port}` or `$PORT` for the port, or run it in containers, which have a network of their own.",
            answer.Reason);
    }

    [Fact]
    public void Check_ModeFixed_AllowsOneInstance()
    {
        var answer = new PortBroker(new PortOptions { Mode = PortMode.Fixed }).Check(new PlacementPlan(Churn, Movable, 5000, 2));

        Assert.Equal(1, answer.MaxInstances);
        Assert.StartsWith("Plugin 'churn' can run only one local instance: the setting Ports:Mode is Fixed, so every instance takes the declared port 5000.", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Reserve_Movable_GivesAPortOfTheRangeAndTheCommandForIt()
    {
        using var lease = new PortBroker(new PortOptions()).Reserve(Churn, Movable, 5000);

        Assert.InRange(lease.Port, 20000, 29999);
        Assert.Equal($"flask run -p {lease.Port}", lease.Command);
    }

    [Fact]
    public async Task Reserve_HundredsAtOnce_NeverShareAPort()
    {
        var brokers = new[] { new PortBroker(new PortOptions()), new PortBroker(new PortOptions()) };
        var leases = new ConcurrentBag<PortLease>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 300), TestContext.Current.CancellationToken, (i, _) =>
        {
            leases.Add(brokers[i % 2].Reserve(Churn, Movable, 5000));
            return ValueTask.CompletedTask;
        });

        Assert.Equal(300, leases.Select(l => l.Port).Distinct().Count());
        await PassOnAsync(leases);
        foreach (var lease in leases)
        {
            lease.Dispose();
        }
    }

    [Fact]
    public async Task Reserve_TwoHostApplicationsAtOnce_NeverShareAPort()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names that all processes of the machine see are Linux's");
        var folder = Directory.CreateTempSubdirectory("stormly-ports-");
        var files = new[] { "a", "b" }.Select(n => Path.Combine(folder.FullName, n)).ToList();
        var hosts = files.Select(StartThisTestIn).ToList();

        await Waiting.UntilAsync(() => files.TrueForAll(File.Exists) || hosts.Exists(h => h.HasExited), "the ports of two other processes", TestContext.Current.CancellationToken);

        var ports = files.SelectMany(File.ReadAllLines).ToList();
        Assert.Equal(600, ports.Count);
        Assert.Equal(600, ports.Distinct().Count());
        Assert.Null(PortBroker.TryReclaim(Churn, int.Parse(ports[0], System.Globalization.CultureInfo.InvariantCulture), Movable));
        folder.Delete(recursive: true);
        foreach (var host in hosts)
        {
            await host.WaitForExitAsync(TestContext.Current.CancellationToken);
            host.Dispose();
        }
    }

    [Fact]
    public async Task Dispose_Twice_GivesThePortBackOnce()
    {
        var port = FreePorts(1);
        var broker = new PortBroker(new PortOptions { First = port, Last = port });
        var lease = broker.Reserve(Churn, Movable, 5000);
        lease.Dispose();
        await DeclaredPorts.UntilFreeAsync(port);
        using var second = broker.Reserve(Other, Movable, 5000);

        lease.Dispose();

        Assert.Equal(port, second.Port);
        Assert.Null(PortBroker.TryReclaim(Churn, port, Movable));
    }

    [Fact]
    [Trait("Fault", "54")]
    public async Task Reserve_NothingFree_SaysHowManyAreTakenAndWorksAgainLater()
    {
        var port = FreePorts(2);
        using var listener = new TcpListener(IPAddress.Any, port);
        listener.Start();
        var broker = new PortBroker(new PortOptions { First = port, Last = port + 1 });
        var only = broker.Reserve(Churn, Movable, 5000);
        Assert.Equal(port + 1, only.Port);

        var error = Assert.Throws<PluginDeploymentException>(() => broker.Reserve(Other, Movable, 5000));

        Assert.Equal(
            $"Plugin 'other' gets no port: all 2 ports from {port} to {port + 1} are taken (1 reserved for instances, 1 with a program that listens). Widen `Ports:First` to `Ports:Last`, or stop something.",
            error.Message);
        only.Dispose();
        await DeclaredPorts.UntilFreeAsync(port + 1);
        broker.Reserve(Other, Movable, 5000).Dispose();
    }

    [Fact]
    [Trait("Fault", "10")]
    public void Reserve_FixedAndAStrangerListens_NamesItAndReservesNothing()
    {
        var port = FreePorts(1);
        var listener = new TcpListener(IPAddress.IPv6Any, port);
        listener.Server.DualMode = true;
        listener.Start();
        var broker = new PortBroker(new PortOptions());

        var error = Assert.Throws<PluginDeploymentException>(() => broker.Reserve(Churn, "python server.py", port));

        Assert.StartsWith($"Port {port} is already in use by process {Environment.ProcessId} (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("), which is not an instance of this plugin.", error.Message, StringComparison.Ordinal);
        listener.Dispose();
        using var lease = broker.Reserve(Churn, "python server.py", port);
        Assert.Equal((port, "python server.py"), (lease.Port, lease.Command));
    }

    [Fact]
    public void Reserve_FixedTwice_RefusesTheSecondAndTellsWho()
    {
        var port = FreePorts(1);
        var broker = new PortBroker(new PortOptions());
        using var first = broker.Reserve(Churn, "python server.py", port);

        var same = Assert.Throws<PluginDeploymentException>(() => broker.Reserve(Churn, "python server.py", port));
        var other = Assert.Throws<PluginDeploymentException>(() => broker.Reserve(Other, "python server.py", port));

        Assert.StartsWith($"Plugin 'churn' can run only one local instance: its port {port} does not occur in startServerCmd", same.Message, StringComparison.Ordinal);
        Assert.StartsWith($"Port {port}, which plugin 'other' cannot change, is reserved by an instance of plugin 'churn'.", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reserve_ModeFixedWithPlaceholder_FillsInTheDeclaredPort()
    {
        var port = FreePorts(1);

        using var lease = new PortBroker(new PortOptions { Mode = PortMode.Fixed }).Reserve(Churn, "flask run -p {port}", port);

        Assert.Equal((port, $"flask run -p {port}"), (lease.Port, lease.Command));
    }

    [Fact]
    public void RecentTable_OlderThanATenthOfASecond_IsReadAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the socket tables are Linux's");
        var time = new FakeTimeProvider();
        var table = new RecentSocketTable(time);
        var first = table.Read();

        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Same(first, table.Read());
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotSame(first, table.Read());
    }

    [Theory]
    [InlineData(10, 19, 15, 99, 10, 14)]
    [InlineData(10, 19, 0, 0, 10, 19)]
    [InlineData(10, 19, 5, 12, 13, 19)]
    [InlineData(10, 19, 1, 65535, 10, 19)]
    public void Choose_RangeMeetsTheEphemeralPorts_LeavesThoseOutAsLongAsItCan(int first, int last, int ephemeralFirst, int ephemeralLast, int from, int to)
        => Assert.Equal(Enumerable.Range(from, to - from + 1), PortRange.Choose(first, last, (ephemeralFirst, ephemeralLast)));

    [Fact]
    public void FromAnywhere_GoesThroughEveryPortOnce()
        => Assert.Equal([12, 13, 10, 11], PortRange.FromAnywhere([10, 11, 12, 13], 2));

    // Another process of this test program: it writes down its ports and keeps them until the file is gone.
    private static System.Diagnostics.Process StartThisTestIn(string file)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Stormly.Deploy.Process.Tests");
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true };
        var byDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        start.FileName = byDotnet ? Environment.ProcessPath! : program;
        string[] words = ["-method", $"{typeof(PortBrokerTests).FullName}.{nameof(Reserve_HundredsAtOnce_NeverShareAPort)}"];
        foreach (var word in byDotnet ? [program + ".dll", .. words] : words)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[HandOver] = file;
        var process = System.Diagnostics.Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task PassOnAsync(IEnumerable<PortLease> leases)
    {
        if (Environment.GetEnvironmentVariable(HandOver) is { } file)
        {
            await File.WriteAllLinesAsync(file + ".new", leases.Select(l => $"{l.Port}"));
            File.Move(file + ".new", file);
            await Waiting.UntilAsync(() => !File.Exists(file), "the end of the test in the first process", TestContext.Current.CancellationToken);
        }
    }

    // Ports that nobody has at the moment, above those that other tests reserve and draw from, and below those that the system gives to anybody.
    private static int FreePorts(int count)
    {
        var used = TcpSocketTable.Read().Select(s => s.Local.Port).ToHashSet();
        return Enumerable.Range(0, 1000).Select(_ => Random.Shared.Next(30_000, 32_700)).First(p => Enumerable.Range(p, count).All(q => !used.Contains(q)));
    }
}
