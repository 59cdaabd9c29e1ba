using System.Collections.Immutable;

namespace Stormly.Deploy.Stages;

/// <summary>The answer of <see cref="HttpSpecMerge.Merge"/>.</summary>
/// <param name="Spec">The merged object; null where a problem stops the deployment.</param>
/// <param name="Values">Every key of the merged object with its origin, also where the object as a whole cannot be used.</param>
/// <param name="Problems">Every problem of the merged object.</param>
public sealed record HttpSpecReading(HttpSpec? Spec, ImmutableArray<HttpValue> Values, ImmutableArray<SpecProblem> Problems)
{
    /// <summary>Whether a problem stops the deployment.</summary>
    public bool HasErrors => Spec is null;
}
