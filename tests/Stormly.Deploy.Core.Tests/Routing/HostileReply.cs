using System.Text;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Routing;

/// <summary>One answer that no good server gives.</summary>
/// <param name="Fault">Its row in the catalogue.</param>
/// <param name="Name">What it is.</param>
/// <param name="Script">How it is played.</param>
/// <param name="Expected">The results that are right.</param>
internal sealed record HostileReply(int Fault, string Name, Func<ScriptedServer.Conversation, Task> Script, params CallResult[] Expected)
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Second = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"poison\":\"1\"}";

    public static IReadOnlyList<HostileReply> All { get; } =
    [
        new(31, "never answers", c => c.StaySilentAsync(), CallResult.TimedOut),
        new(32, "closes at once", _ => Task.CompletedTask, CallResult.ConnectionLost),
        new(32, "resets at once", Reset(""), CallResult.ConnectionLost),
        new(32, "half a status line", Once("HTTP/1.1 20"), CallResult.ConnectionLost, CallResult.NotHttp),
        new(32, "headers without an end", Once(Ok + "X: y\r\n"), CallResult.ConnectionLost),
        new(32, "reset in the body", Reset(Ok + "Content-Length: 50\r\n\r\n{\"a\""), CallResult.ConnectionLost),
        new(33, "trickled headers", c => c.TrickleAsync(Ok + "X: " + new string('a', 2000) + "\r\n\r\n"), CallResult.TimedOut),
        new(33, "trickled body", c => c.TrickleAsync(Ok + "Content-Length: 5000\r\n\r\n{" + new string(' ', 4998) + "}"), CallResult.TimedOut),
        new(33, "part of the body, then silence", Silent(Ok + "Content-Length: 50\r\n\r\n{\"a\":1}"), CallResult.TimedOut),
        new(33, "half a chunk, then silence", Silent(Ok + "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"a\""), CallResult.TimedOut),
        new(33, "no last chunk, then silence", Silent(Ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), CallResult.TimedOut),
        new(33, "body until close, never closed", Silent(Ok + "\r\n{\"a\":1}"), CallResult.TimedOut),
        new(34, "more announced than allowed", Silent(Ok + "Content-Length: 2000000\r\n\r\n{"), CallResult.TooLarge),
        new(34, "more sent than allowed", Once(Ok + "\r\n" + new string('x', 1_200_000)), CallResult.TooLarge),
        new(34, "endless body", Forever(Ok + "\r\n", new string('x', 65536)), CallResult.TooLarge),
        new(34, "endless chunks", Forever(Ok + "Transfer-Encoding: chunked\r\n\r\n", "400\r\n" + new string('x', 1024) + "\r\n"), CallResult.TooLarge),
        new(34, "endless chunk extension", Forever(Ok + "Transfer-Encoding: chunked\r\n\r\n2;", new string('e', 65536)), CallResult.NotHttp, CallResult.ConnectionLost),
        new(34, "endless trailers", Forever(Ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", "X: y\r\n"), CallResult.NotHttp, CallResult.TimedOut, CallResult.ConnectionLost),
        new(34, "endless headers", Forever(Ok, "X-A: " + new string('a', 1000) + "\r\n"), CallResult.NotHttp),
        new(34, "one endless header", Forever(Ok + "X: ", new string('a', 65536)), CallResult.NotHttp),
        new(34, "endless reason phrase", Forever("HTTP/1.1 200 ", new string('a', 65536)), CallResult.NotHttp),
        new(35, "body shorter than announced", Once(Ok + "Content-Length: 50\r\n\r\n{\"a\":1}"), CallResult.ConnectionLost),
        new(35, "chunk shorter than announced", Once(Ok + "Transfer-Encoding: chunked\r\n\r\n20\r\n{\"a\":1}"), CallResult.ConnectionLost),
        new(35, "no last chunk", Once(Ok + "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n"), CallResult.ConnectionLost),
        new(35, "bad chunk size", Once(Ok + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n"), CallResult.NotHttp),
        new(35, "negative chunk size", Once(Ok + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"), CallResult.NotHttp),
        new(35, "chunk size past any number", Once(Ok + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"), CallResult.NotHttp),
        new(35, "chunk without its line end", Once(Ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n"), CallResult.NotHttp),
        new(35, "two lengths that differ", Once(Ok + "Content-Length: 2\r\nContent-Length: 7\r\n\r\n{\"a\":1}"), CallResult.NotHttp, CallResult.ConnectionLost),
        new(35, "negative length", Silent(Ok + "Content-Length: -1\r\n\r\n{}"), CallResult.NotHttp),
        new(35, "length past any number", Silent(Ok + "Content-Length: 99999999999999999999\r\n\r\n{}"), CallResult.NotHttp),
        new(35, "length that is a word", Silent(Ok + "Content-Length: two\r\n\r\n{}"), CallResult.NotHttp),
        new(36, "HTTP/0.9", Once("{\"a\":1}"), CallResult.NotHttp, CallResult.ConnectionLost),
        new(36, "HTTP/2 frames", Once("\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d"), CallResult.NotHttp, CallResult.ConnectionLost),
        new(36, "TLS alert", Once("\x15\x03\x01\0\x02\x02\x28"), CallResult.NotHttp, CallResult.ConnectionLost),
        new(36, "HTTP/2 status line", Once("HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(36, "lower-case protocol", Once("http/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(36, "garbage", Once("\xff\xfe\x01garbage\r\n\r\n"), CallResult.NotHttp),
        new(36, "SMTP greeting", Once("220 mail.example ESMTP\r\n"), CallResult.NotHttp, CallResult.ConnectionLost),
        new(36, "line without a colon", Once(Ok + "nonsense\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(36, "space before a colon", Once(Ok + "Content Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(36, "header without a name", Once(Ok + ": x\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(36, "NUL in a header", Once(Ok + "X: a\0b\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp, CallResult.Answered),
        new(39, "status 999", Once("HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(39, "status 600", Once("HTTP/1.1 600 X\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(39, "status 42", Once("HTTP/1.1 42 X\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(39, "status 000", Once("HTTP/1.1 000 X\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(39, "status with a sign", Once("HTTP/1.1 +20 X\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(39, "status of four digits", Once("HTTP/1.1 2000 X\r\nContent-Length: 2\r\n\r\n{}"), CallResult.NotHttp),
        new(40, "endless 100", Forever("", "HTTP/1.1 100 Continue\r\n\r\n"), CallResult.TimedOut, CallResult.NotHttp),
        new(40, "endless 103", Forever("", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"), CallResult.TimedOut, CallResult.NotHttp),
        new(40, "100 and nothing after it", Silent("HTTP/1.1 100 Continue\r\n\r\n"), CallResult.TimedOut),
    ];

    /// <summary>Answers that are whole, if odd: code and body must come out as told.</summary>
    public static IReadOnlyList<(int Fault, string Name, Func<ScriptedServer.Conversation, Task> Script, int Code, string Body)> Odd { get; } =
    [
        (35, "body longer than announced", Once(Ok + "Content-Length: 2\r\n\r\n{}" + Second), 200, "{}"),
        (41, "two answers in one packet", Once(Ok + "Content-Length: 7\r\n\r\n{\"a\":1}" + Second), 200, "{\"a\":1}"),
        (41, "length and chunks", Once(Ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), 200, "{}"),
        (39, "201", Once("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"), 201, "{}"),
        (39, "204 with a body", Once("HTTP/1.1 204 No Content\r\nContent-Length: 14\r\n\r\n{\"poison\":\"3\"}"), 204, ""),
        (39, "302 to elsewhere", Once("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/secret\r\nContent-Length: 0\r\n\r\n"), 302, ""),
        (39, "307 to itself", Once("HTTP/1.1 307 T\r\nLocation: /predict\r\nContent-Length: 0\r\n\r\n"), 307, ""),
        (39, "304", Once("HTTP/1.1 304 Not Modified\r\n\r\n"), 304, ""),
        (39, "404", Once("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nnix"), 404, "nix"),
        (39, "500", Once("HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nTrace"), 500, "Trace"),
        (39, "599", Once("HTTP/1.1 599 X\r\nContent-Length: 0\r\n\r\n"), 599, ""),
        (40, "101", Silent("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), 101, ""),
        (42, "CR in a header value", Once(Ok + "X: a\rSet-Cookie: s=1\r\nContent-Length: 2\r\n\r\n{}"), 200, "{}"),
        (42, "cookies and hop-by-hop headers", Once(Ok + "Set-Cookie: s=1\r\nConnection: close, X\r\nX: y\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\n{}"), 200, "{}"),
        (44, "100, then the answer", Once("HTTP/1.1 100 Continue\r\n\r\n" + Ok + "Content-Length: 2\r\n\r\n{}"), 200, "{}"),
        (44, "lower-case header names", Once("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}"), 200, "{}"),
        (44, "no headers at all", Once("HTTP/1.1 200 OK\r\n\r\n{}"), 200, "{}"),
        (44, "HTTP/1.0", Once("HTTP/1.0 200 OK\r\n\r\n{}"), 200, "{}"),
        (44, "no reason phrase", Once("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}"), 200, "{}"),
        (44, "bare line feeds", Once("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"), 200, "{}"),
        (44, "white space around values", Once(Ok + "Content-Length: \t 2 \t\r\n\r\n{}"), 200, "{}"),
        (44, "chunks with extensions and trailers", Once(Ok + "Transfer-Encoding: chunked\r\n\r\n1;a=b\r\n{\r\n1;c\r\n}\r\n0\r\nX: y\r\n\r\n"), 200, "{}"),
        (44, "chunk sizes in upper case with zeros before", Once(Ok + "Transfer-Encoding: chunked\r\n\r\n00A\r\n{\"abc\":12}\r\n0\r\n\r\n"), 200, "{\"abc\":12}"),
        (38, "JSON as text/html", Once(Ok + "Content-Type: text/html\r\nContent-Length: 7\r\n\r\n{\"a\":1}"), 200, "{\"a\":1}"),
        (37, "nothing", Once(Ok + "Content-Length: 0\r\n\r\n"), 200, ""),
        (37, "said to be gzip", Once(Ok + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"), 200, "{}"),
    ];

    public override string ToString() => $"{Fault}: {Name}";

    private static Func<ScriptedServer.Conversation, Task> Once(string text) => c => c.SendAsync(text);

    private static Func<ScriptedServer.Conversation, Task> Reset(string text) => async c =>
    {
        await c.SendAsync(Encoding.Latin1.GetBytes(text));
        c.ResetOnClose();
    };

    private static Func<ScriptedServer.Conversation, Task> Silent(string text) => async c =>
    {
        await c.SendAsync(text);
        await c.StaySilentAsync();
    };

    private static Func<ScriptedServer.Conversation, Task> Forever(string first, string then) => async c =>
    {
        await c.SendAsync(first);
        await c.RepeatAsync(then);
    };
}
