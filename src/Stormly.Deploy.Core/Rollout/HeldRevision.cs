using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>How many instances of a revision go on while a rollout is paused.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Instances">How many.</param>
/// <param name="Ceiling">How many instances of it the backend can run at once.</param>
internal readonly record struct HeldRevision(RevisionId Revision, int Instances, int Ceiling = int.MaxValue);
