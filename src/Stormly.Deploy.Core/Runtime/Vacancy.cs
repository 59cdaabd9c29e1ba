using Stormly.Deploy.Health;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>The place of an instance that failed and whose substitute was not started yet: the substitute runs the same revision.</summary>
/// <param name="Revision">Whose place it is.</param>
/// <param name="Line">The failures in this place.</param>
internal sealed record Vacancy(RevisionId Revision, BackOffState Line)
{
    public TimeSpan NotBefore => Line.NotBefore;

    public int Failures => Line.Failures;
}
