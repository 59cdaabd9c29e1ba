using System.Collections.Immutable;

namespace Stormly.Deploy.Requests;

/// <summary>The problems of one request, bounded: what is beyond the bound is counted and not described.</summary>
internal sealed class RequestProblems
{
    /// <summary>The greatest number of problems that are listed.</summary>
    public const int Limit = 50;

    private readonly ImmutableArray<RequestProblem>.Builder _listed = ImmutableArray.CreateBuilder<RequestProblem>();
    private int _count;

    /// <summary>Counts a problem.</summary>
    /// <returns>Whether there is room for it: then it must be described with <see cref="Add"/>.</returns>
    public bool Count() => ++_count <= Limit;

    public void Add(RequestProblem problem) => _listed.Add(problem);

    public RequestCheck ToCheck()
    {
        if (_count > Limit)
        {
            _listed.Add(RequestProblemText.More(_count - Limit));
        }

        return RequestCheck.Refused(_listed.ToImmutable());
    }
}
