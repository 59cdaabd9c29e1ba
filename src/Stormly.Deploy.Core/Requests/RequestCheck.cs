using System.Collections.Immutable;

namespace Stormly.Deploy.Requests;

/// <summary>What came of checking a caller's body: all is well, or every problem. The default value is "all is well".</summary>
internal readonly struct RequestCheck
{
    private readonly ImmutableArray<RequestProblem> _problems;

    private RequestCheck(ImmutableArray<RequestProblem> problems, bool isTooLarge)
    {
        _problems = problems;
        IsTooLarge = isTooLarge;
    }

    public static RequestCheck Ok => default;

    public bool IsOk => _problems.IsDefaultOrEmpty;

    /// <summary>Whether the body was refused for its size alone, unread.</summary>
    public bool IsTooLarge { get; }

    /// <summary>Every problem, bounded; empty where all is well.</summary>
    public ImmutableArray<RequestProblem> Problems => _problems.IsDefault ? [] : _problems;

    public static RequestCheck Refused(ImmutableArray<RequestProblem> problems) => new(problems, isTooLarge: false);

    /// <summary>The body is larger than allowed.</summary>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="limit">The greatest length that is allowed.</param>
    /// <returns>The answer.</returns>
    public static RequestCheck TooLarge(int length, int limit) => new(
        [new RequestProblem { Pointer = "", Rule = $"must have at most {limit} bytes, has {length}", Remedy = "Send less in one request." }],
        isTooLarge: true);
}
