using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Ports;

namespace Stormly.Deploy.Process.Tests.Ports;

/// <summary>Who listens: the table of verdicts, and real sockets of this and of another process.</summary>
public sealed class ListenerInspectorTests
{
    private static readonly PluginName Churn = PluginName.Parse("churn");

    /// <summary>Listeners as address, port and owner (o = ours, s = somebody else's), and the verdict for port 20417.</summary>
    public static TheoryData<string, ListenerVerdict, string> Cases => new()
    {
        { "", ListenerVerdict.Nobody, "Plugin 'churn' does not listen on port 20417." },
        { "0.0.0.0 20417 o", ListenerVerdict.Ours, "" },
        { "127.0.0.1 20417 o", ListenerVerdict.Ours, "" },
        { ":: 20417 o", ListenerVerdict.Ours, "" },
        { "::ffff:127.0.0.1 20417 o", ListenerVerdict.Ours, "" },
        { "::ffff:0.0.0.0 20417 o", ListenerVerdict.Ours, "" },
        { "0.0.0.0 20417 o, :: 20417 o, 0.0.0.0 9000 o", ListenerVerdict.Ours, "" },
        { "0.0.0.0 20417 s", ListenerVerdict.Stranger, "Port 20417 is already in use by process 3714 (python3), which is not an instance of this plugin." },
        { ":: 20417 s", ListenerVerdict.Stranger, "Port 20417 is already in use by process 3714 (python3), which is not an instance of this plugin." },
        { "0.0.0.0 20417 o, 0.0.0.0 20417 s", ListenerVerdict.Stranger, "Port 20417 is already in use by process 3714 (python3), which is not an instance of this plugin." },
        { "127.0.0.1 20417 s, 0.0.0.0 5000 o", ListenerVerdict.Stranger, "Port 20417 is already in use by process 3714 (python3), which is not an instance of this plugin." },
        { "0.0.0.0 20417 o, ::1 20417 s, 10.0.0.7 20417 s", ListenerVerdict.Ours, "" },
        { "0.0.0.0 5000 s", ListenerVerdict.Nobody, "Plugin 'churn' does not listen on port 20417." },
        {
            "0.0.0.0 5000 o", ListenerVerdict.Elsewhere,
            "Plugin 'churn' was started for port 20417 but listens on 5000: the port is fixed inside the program. Read the variable PORT, or write `{port}` or `$PORT` for the port in startServerCmd, or run it in a container."
        },
        {
            "0.0.0.0 9000 o, :: 5000 o, 0.0.0.0 5000 o", ListenerVerdict.Elsewhere,
            "Plugin 'churn' was started for port 20417 but listens on 5000, 9000: the port is fixed inside the program. Read the variable PORT, or write `{port}` or `$PORT` for the port in startServerCmd, or run it in a container."
        },
        {
            "::1 20417 o", ListenerVerdict.Elsewhere,
            "Plugin 'churn' listens on [::1]:20417 only, which cannot be reached at 127.0.0.1:20417; it must listen on 0.0.0.0 or 127.0.0.1 (see startServerCmd)."
        },
        {
            "10.0.0.7 20417 o, 0.0.0.0 9000 o", ListenerVerdict.Elsewhere,
            "Plugin 'churn' listens on 10.0.0.7:20417 only, which cannot be reached at 127.0.0.1:20417; it must listen on 0.0.0.0 or 127.0.0.1 (see startServerCmd)."
        },
        { "::1 20417 s", ListenerVerdict.Nobody, "Plugin 'churn' does not listen on port 20417." },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Fault", "9")]
    [Trait("Fault", "10")]
    public void Judge_Listeners_GivesVerdictAndWords(string listeners, ListenerVerdict verdict, string detail)
    {
        var sockets = listeners.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(ToSocket).ToList();
        var own = sockets.Where(s => s.User == 1).Select(s => s.Inode).ToHashSet();

        var check = ListenerInspector.Judge(Churn, 20417, 5000, sockets, own, unreadable: null, _ => "process 3714 (python3)");

        Assert.Equal((verdict, detail), (check.Verdict, check.Detail));
    }

    [Theory]
    [InlineData("0.0.0.0 5000 o", true)]
    [InlineData("0.0.0.0 5000 o, 127.0.0.1 9000 o", true)]
    [InlineData("0.0.0.0 9000 o", false)]
    [Trait("Fault", "9")]
    public void Judge_ListensOnTheDeclaredPort_IsFinalBecauseTheProgramFixesIt(string listeners, bool isFinal)
    {
        var sockets = listeners.Split(", ").Select(ToSocket).ToList();

        var check = ListenerInspector.Judge(Churn, 20417, 5000, sockets, [.. sockets.Select(s => s.Inode)], unreadable: null, _ => "x");

        Assert.Equal(ListenerVerdict.Elsewhere, check.Verdict);
        Assert.Equal(isFinal, check.IsFinal);
    }

    [Fact]
    public void Judge_AProcessOfTheInstanceMayNotBeRead_SaysThatItCannotTell()
    {
        var check = ListenerInspector.Judge(Churn, 20417, 5000, [ToSocket("0.0.0.0 20417 s", 0)], [], unreadable: 99, _ => "x");

        Assert.Equal(ListenerVerdict.Stranger, check.Verdict);
        Assert.Equal("Who listens on port 20417 cannot be told: the open files of process 99, which belongs to the instance, may not be read. Run the plugin as the user of the host application.", check.Detail);
    }

    [Theory]
    [InlineData("0.0.0.0", ListenerVerdict.Ours)]
    [InlineData("127.0.0.1", ListenerVerdict.Ours)]
    [InlineData("::", ListenerVerdict.Ours)]
    [InlineData("::1", ListenerVerdict.Elsewhere)]
    public void Inspect_ThisProcessListens_IsFoundByItsSocket(string address, ListenerVerdict verdict)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the socket tables are Linux's");
        using var listener = Listen(address);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.Equal(verdict, ListenerInspector.Inspect(Churn, port, 5000, [Environment.ProcessId]).Verdict);
        listener.Stop();
        Assert.NotEqual(verdict, ListenerInspector.Inspect(Churn, port, 5000, [Environment.ProcessId]).Verdict);
    }

    [Fact]
    [Trait("Fault", "10")]
    [Trait("Fault", "11")]
    public void Inspect_AnotherProcessListens_IsAStrangerWithItsName()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the socket tables are Linux's");
        using var listener = Listen("0.0.0.0");
        using var instance = System.Diagnostics.Process.Start(new ProcessStartInfo("sleep", "60"))!;
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var check = ListenerInspector.Inspect(Churn, port, 5000, [instance.Id]);
        var ended = ListenerInspector.Inspect(Churn, port, 5000, [int.MaxValue]);

        Assert.Equal(ListenerVerdict.Stranger, check.Verdict);
        Assert.StartsWith($"Port {port} is already in use by process {Environment.ProcessId} (", check.Detail, StringComparison.Ordinal);
        Assert.Equal(check, ended);
        instance.Kill();
        instance.WaitForExit();
    }

    [Theory]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 28134 1 0000 100 0 0 10 0", "127.0.0.1:8080", true, 1000, 28134)]
    [InlineData("  12: 00000000000000000000000001000000:1388 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 77 1", "[::1]:5000", true, 0, 77)]
    [InlineData("  12: 0000000000000000FFFF00000100007F:1388 0:0 01 0:0 0:0 0 0 0 78 1", "[::ffff:127.0.0.1]:5000", false, 0, 78)]
    public void Parse_ARow_ReadsAddressStateUserAndInode(string row, string local, bool listening, long user, long inode)
        => Assert.Equal(new TcpSocket(IPEndPoint.Parse(local), listening, user, inode), TcpSocketTable.Parse(row));

    [Theory]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode")]
    [InlineData("")]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A")]
    [InlineData("   0: 01007F:1F90 0 0A 0 0 0 0 0 1")]
    [InlineData("   0: XX00007F:1F90 0 0A 0 0 0 0 0 1")]
    [InlineData("   0: 0100007F:X 0 0A 0 0 0 0 0 1")]
    public void Parse_NoRow_IsNull(string row) => Assert.Null(TcpSocketTable.Parse(row));

    private static TcpSocket ToSocket(string text, int index)
    {
        var fields = text.Split(' ');
        return new TcpSocket(new IPEndPoint(IPAddress.Parse(fields[0]), int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture)), IsListening: true, fields[2] == "o" ? 1 : 2, index + 1);
    }

    private static TcpListener Listen(string address)
    {
        var listener = new TcpListener(IPAddress.Parse(address), 0);
        if (address == "::")
        {
            listener.Server.DualMode = true;
        }

        listener.Start();
        return listener;
    }
}
