using System.Text;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Requests;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Routing;

/// <summary>Good answers with a few bytes changed, dropped or doubled, from fixed seeds: each must end as a value.</summary>
public sealed class MutatedReplyTests
{
    private static readonly string[] Answers =
    [
        ScriptedServer.GoodAnswer,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3;x=y\r\n:1}\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200\r\nX: y\r\n\r\n[1,2,{\"b\":null}]",
        "HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\nno",
    ];

    [Fact]
    [Trait("Fault", "36")]
    [Trait("Fault", "35")]
    public async Task Post_MutatedReply_EndsAsAValue()
    {
        using var caller = new InstanceCaller(Options.Create(new RoutingOptions()), TimeProvider.System);
        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, async (worker, token) =>
        {
            byte[] answer = [];
            await using var server = new ScriptedServer(c => c.SendAsync(answer));
            for (var seed = worker; seed < 600; seed += 8)
            {
                answer = Mutate(new Random(seed));
                using var outcome = await caller.PostAsync(
                    new InstanceAddress("127.0.0.1", server.Port), "/predict", "{}"u8.ToArray(), new CallLimits(TimeSpan.FromSeconds(30), 1 << 20), token);
                Assert.True(outcome.Result is CallResult.Answered or CallResult.NotHttp or CallResult.ConnectionLost or CallResult.TooLarge, $"seed {seed}: {outcome.Result} {outcome.Detail}");
                Assert.True(outcome.Result == CallResult.Answered || outcome.Body.IsEmpty, $"seed {seed}: a body without an answer");
                _ = ResponseCheck.Check(outcome.Body.Span, 64);
            }
        });
    }

    private static byte[] Mutate(Random random)
    {
        var bytes = Encoding.Latin1.GetBytes(Answers[random.Next(Answers.Length)]).ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)));
                    break;
                default:
                    bytes[at] = (byte)"\r\n :;0\0"[random.Next(7)];
                    break;
            }
        }

        return [.. bytes];
    }
}
