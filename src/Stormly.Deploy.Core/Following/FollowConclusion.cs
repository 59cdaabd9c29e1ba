using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

/// <summary>What came of reading a folder.</summary>
/// <param name="State">How the deployment stands to it; <see cref="SourceState.Changing"/> where it changed while it was read.</param>
/// <param name="Revision">The revision that it holds; null where it holds none.</param>
/// <param name="Problem">Why that is not deployed; null where nothing speaks against it.</param>
/// <param name="Key">What makes two problems the same: a line number, say, does not.</param>
internal sealed record FollowConclusion(SourceState State, RevisionId? Revision = null, string? Problem = null, string? Key = null)
{
    public static FollowConclusion ChangedMeanwhile { get; } = new(SourceState.Changing);

    public static FollowConclusion InStep(RevisionId revision) => new(SourceState.InStep, revision);

    public static FollowConclusion Unusable(string problem, string key) => new(SourceState.Unusable, null, problem, key);

    public static FollowConclusion Held(RevisionId revision, string why) => new(SourceState.Held, revision, why, $"held {revision.Digest}");
}
