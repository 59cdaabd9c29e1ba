namespace Stormly.Deploy.Testing;

/// <summary>What an in-memory instance does with a call: it answers, after a while or at once, or it does what faulty plugins do.</summary>
public sealed record InMemoryAnswer
{
    private InMemoryAnswer()
    {
    }

    /// <summary>Code 200 with an empty JSON object.</summary>
    public static InMemoryAnswer Ok { get; } = Json("{}");

    /// <summary>Nobody listens: not a byte of the request is taken.</summary>
    public static InMemoryAnswer Refused { get; } = new() { Way = Ways.Refuse };

    /// <summary>The request is taken, and the connection is lost before there is an answer.</summary>
    public static InMemoryAnswer Lost { get; } = new() { Way = Ways.Lose };

    /// <summary>The request is taken and never answered.</summary>
    public static InMemoryAnswer Silent { get; } = new() { After = TimeSpan.MaxValue };

    /// <summary>How long it takes, by the host's clock. Default 0. Where that is longer than the caller waits, he is told that it took too long.</summary>
    public TimeSpan After { get; init; }

    /// <summary>The status code.</summary>
    public int StatusCode { get; private init; } = 200;

    /// <summary>The body.</summary>
    public string Body { get; private init; } = "{}";

    /// <summary>What becomes of the call.</summary>
    internal Ways Way { get; private init; }

    /// <summary>Code 200 with a body.</summary>
    /// <param name="body">The body. The library takes JSON objects and arrays; anything else shows what becomes of a plugin that answers so.</param>
    /// <returns>The answer.</returns>
    public static InMemoryAnswer Json(string body) => Code(200, body);

    /// <summary>Any status code with a body.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="body">The body.</param>
    /// <returns>The answer.</returns>
    public static InMemoryAnswer Code(int statusCode, string body = "{}") => new() { StatusCode = statusCode, Body = body };

    /// <summary>The ways that a call can go.</summary>
    internal enum Ways
    {
        Answer,
        Refuse,
        Lose,
    }
}
