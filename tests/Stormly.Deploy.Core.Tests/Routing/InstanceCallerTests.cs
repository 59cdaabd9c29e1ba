using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Routing;

public sealed class InstanceCallerTests : IAsyncDisposable
{
    private const int Limit = 1_000_000;
    private static readonly byte[] Body = "{\"props\":{}}"u8.ToArray();

    private readonly InstanceCaller _caller = new(Options.Create(new RoutingOptions()), TimeProvider.System);
    private readonly ScriptedServer _server = ScriptedServer.Good();

    public static TheoryData<int> HostileCases => [.. Enumerable.Range(0, HostileReply.All.Count)];

    public static TheoryData<int> OddCases => [.. Enumerable.Range(0, HostileReply.Odd.Count)];

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(HostileCases))]
    [Trait("Fault", "31")]
    [Trait("Fault", "32")]
    [Trait("Fault", "33")]
    [Trait("Fault", "34")]
    [Trait("Fault", "35")]
    [Trait("Fault", "36")]
    [Trait("Fault", "39")]
    [Trait("Fault", "40")]
    public async Task Post_HostileReply_EndsAsAValueAndTheNextRequestIsClean(int index)
    {
        var reply = HostileReply.All[index];
        _server.Script = reply.Script;
        using (var outcome = await PostAsync(TimeSpan.FromSeconds(reply.Expected.Contains(CallResult.TimedOut) ? 0.5 : 30)))
        {
            Assert.True(reply.Expected.Contains(outcome.Result), $"{reply}: {outcome.Result}, {outcome.StatusCode}, {outcome.Detail}");
        }

        await AssertNextIsCleanAsync();
    }

    [Fact]
    [Trait("Fault", "32")]
    public async Task Post_ConnectionResetInTheMomentItIsMade_EndsAsAValue()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(100);
        var resets = new Thread(() => ResetEveryConnection(listener));
        resets.Start();
        var address = new InstanceAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port);

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostManyAsync(address, 500))));

        listener.Close();
        resets.Join();
        Assert.All(results.SelectMany(r => r), r => Assert.True(r is CallResult.NotConnected or CallResult.ConnectionLost, $"{r}"));
    }

    [Theory]
    [MemberData(nameof(OddCases))]
    [Trait("Fault", "35")]
    [Trait("Fault", "37")]
    [Trait("Fault", "38")]
    [Trait("Fault", "39")]
    [Trait("Fault", "40")]
    [Trait("Fault", "41")]
    [Trait("Fault", "42")]
    [Trait("Fault", "44")]
    public async Task Post_OddButWholeReply_ComesOutWithCodeAndBody(int index)
    {
        var (_, name, script, code, body) = HostileReply.Odd[index];
        _server.Script = script;
        using (var outcome = await PostAsync(TimeSpan.FromSeconds(30)))
        {
            Assert.True(outcome.Result == CallResult.Answered, $"{name}: {outcome.Result} {outcome.Detail}");
            Assert.Equal(code, outcome.StatusCode);
            Assert.Equal(body, Encoding.UTF8.GetString(outcome.Body.Span));
        }

        await AssertNextIsCleanAsync();
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public void HostileReplies_AreAsManyAsPromised() => Assert.True(HostileReply.All.Count + HostileReply.Odd.Count >= 42);

    [Fact]
    [Trait("Fault", "32")]
    public async Task Post_NobodyListens_IsNotConnectedWithThePlace()
    {
        var port = ScriptedServer.ClosedPort();
        using var outcome = await PostAsync(TimeSpan.FromSeconds(30), port);
        Assert.Equal(CallResult.NotConnected, outcome.Result);
        Assert.Contains($"127.0.0.1:{port}", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "71")]
    public async Task Post_CallerGivesUp_IsCancelledAndTheConnectionIsDropped()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var dropped = new TaskCompletionSource();
        _server.Script = async c =>
        {
            await caller.CancelAsync();
            await c.StaySilentAsync();
            dropped.SetResult();
        };
        using var outcome = await _caller.PostAsync(Address(_server.Port), "/predict", Body, new CallLimits(TimeSpan.FromSeconds(60), Limit), caller.Token);
        Assert.Equal(CallResult.Cancelled, outcome.Result);
        await dropped.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Post_CallerHasGoneBefore_SendsNothing()
    {
        using var outcome = await _caller.PostAsync(Address(_server.Port), "/predict", Body, new CallLimits(TimeSpan.FromSeconds(60), Limit), new CancellationToken(true));
        Assert.Equal(CallResult.Cancelled, outcome.Result);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("/predict")]
    [InlineData("/a/b%20c?x=1")]
    [Trait("Fault", "72")]
    public async Task Post_SendsExactlyThePathAndTheBody(string path)
    {
        using var outcome = await _caller.PostAsync(
            Address(_server.Port), path, Body, new CallLimits(TimeSpan.FromSeconds(60), Limit), TestContext.Current.CancellationToken);
        Assert.Equal("{\"n\":777}", Encoding.UTF8.GetString(outcome.Body.Span));
        var request = Assert.Single(_server.Requests);
        Assert.StartsWith($"POST {path} HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"props\":{}}", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Post_HostName_IsResolved()
    {
        using var outcome = await _caller.PostAsync(
            new InstanceAddress("localhost", _server.Port), "/predict", Body, new CallLimits(TimeSpan.FromSeconds(60), Limit), TestContext.Current.CancellationToken);
        Assert.Equal((CallResult.Answered, 200), (outcome.Result, outcome.StatusCode));
    }

    [Fact]
    [Trait("Fault", "20")]
    public async Task Post_ConnectionIsNeverMade_IsNotConnectedAfterTheTimeOfAConnect()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a full backlog does differs between systems; it is known of Linux.");

        // A listener that never accepts, its backlog filled: what a stopped process looks like under load.
        using var stopped = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        stopped.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        stopped.Listen(1);
        var port = ((IPEndPoint)stopped.LocalEndPoint!).Port;
        using var impatient = new InstanceCaller(Options.Create(new RoutingOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) }), TimeProvider.System);
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var outcome = await impatient.PostAsync(Address(port), "/predict", Body, new CallLimits(TimeSpan.FromSeconds(5), Limit), TestContext.Current.CancellationToken);
            return outcome.Result;
        }));
        Assert.All(results, r => Assert.True(r is CallResult.NotConnected or CallResult.TimedOut, r.ToString()));
        Assert.Contains(CallResult.NotConnected, results);
    }

    [Theory]
    [InlineData(Limit)]
    [InlineData(Limit - 1)]
    public async Task Post_BodyAtTheLimit_IsReadWhole(int size)
    {
        var big = new string('x', size);
        _server.Script = c => c.SendAsync("HTTP/1.1 200 OK\r\n\r\n" + big);
        using var outcome = await PostAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(CallResult.Answered, outcome.Result);
        Assert.Equal(big, Encoding.UTF8.GetString(outcome.Body.Span));
    }

    [Fact]
    [Trait("Fault", "34")]
    public async Task Post_OneByteTooMuch_IsTooLarge()
    {
        _server.Script = c => c.SendAsync("HTTP/1.1 200 OK\r\n\r\n" + new string('x', Limit + 1));
        using var outcome = await PostAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(CallResult.TooLarge, outcome.Result);
        Assert.True(outcome.Body.IsEmpty);
    }

    [Fact]
    [Trait("Fault", "43")]
    public async Task Post_ServerClosesIdleConnectionsAtThatMoment_NoRequestFails()
    {
        var idle = TimeSpan.FromMilliseconds(20);
        _server.Script = async c =>
        {
            await c.SendAsync(ScriptedServer.GoodAnswer);
            c.Keeps = true;
            _ = CloseLaterAsync(c, idle);
        };
        async Task<int> ClientAsync()
        {
            var failed = 0;
            for (var i = 0; i < 40; i++)
            {
                using var outcome = await PostAsync(TimeSpan.FromSeconds(60));
                failed += outcome.Result == CallResult.Answered ? 0 : 1;
                await Task.Delay(idle + TimeSpan.FromMilliseconds(Random.Shared.Next(-3, 4)), TestContext.Current.CancellationToken);
            }

            return failed;
        }

        var failures = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ClientAsync()));
        Assert.Equal(0, failures.Sum());

        // The server reads one request from a connection: none came over one that might just be closing, and none was sent twice.
        Assert.Equal(10 * 40, _server.Requests.Count);
    }

    private static async Task CloseLaterAsync(ScriptedServer.Conversation conversation, TimeSpan after)
    {
        await Task.Delay(after, CancellationToken.None);
        conversation.Socket.Dispose();
    }

    private static InstanceAddress Address(int port) => new("127.0.0.1", port);

    private ValueTask<CallOutcome> PostAsync(TimeSpan timeout, int? port = null)
        => _caller.PostAsync(Address(port ?? _server.Port), "/predict", Body, new CallLimits(timeout, Limit), TestContext.Current.CancellationToken);

    private async Task AssertNextIsCleanAsync()
    {
        _server.Script = c => c.SendAsync(ScriptedServer.GoodAnswer);
        using var outcome = await PostAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((CallResult.Answered, 200), (outcome.Result, outcome.StatusCode));
        Assert.Equal("{\"n\":777}", Encoding.UTF8.GetString(outcome.Body.Span));
    }

    private static void ResetEveryConnection(Socket listener)
    {
        try
        {
            while (true)
            {
                using var connection = listener.Accept();
                connection.LingerState = new LingerOption(true, 0);
            }
        }
        catch (SocketException)
        {
            // The listener was closed: the test is over.
        }
    }

    private async Task<List<CallResult>> PostManyAsync(InstanceAddress address, int count)
    {
        var results = new List<CallResult>();
        for (var number = 0; number < count; number++)
        {
            using var outcome = await _caller.PostAsync(address, "/predict", Body, new CallLimits(TimeSpan.FromSeconds(30), Limit), TestContext.Current.CancellationToken);
            results.Add(outcome.Result);
        }

        return results;
    }
}
