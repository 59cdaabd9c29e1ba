using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>What should serve, and how many of it.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Wanted">How many ready instances.</param>
/// <param name="Ceiling">How many the backend can run at once.</param>
/// <param name="CeilingReason">Why not more; empty where it can run any number.</param>
/// <param name="Runtime">The digest of everything that an instance sees: equal for revisions that differ in <c>explain</c> alone; empty where nobody knows.</param>
internal sealed record FleetGoal(RevisionId Revision, int Wanted, int Ceiling, string CeilingReason, string Runtime = "")
{
    /// <summary>Between what the wanted number moves with the load; null where it is fixed.</summary>
    public ScaleRange? Range { get; init; }

    /// <summary>How many requests one instance gets at once; null for the number of all plugins.</summary>
    public int? MaxRequestsPerInstance { get; init; }

    /// <summary>The memory that one instance uses, as declared; 0 where nobody says.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>How many there must be in any case.</summary>
    public int Least => Range?.Min ?? Wanted;

    /// <summary>Whether more is asked for than the backend can run.</summary>
    public bool IsTooMuch => Wanted > Ceiling || Range?.Max > Ceiling;

    /// <summary>The same as far as the backend can run it: what was asked for another revision may be more than this one allows.</summary>
    public FleetGoal Fit() => IsTooMuch ? this with { Wanted = Math.Min(Wanted, Ceiling), Range = Range?.AtMost(Ceiling) } : this;
}
