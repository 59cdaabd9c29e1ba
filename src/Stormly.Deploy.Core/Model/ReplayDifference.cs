using System.Collections.Immutable;

namespace Stormly.Deploy.Model;

/// <summary>An event that was decided otherwise than recorded.</summary>
/// <param name="Event">Its number, counted from 1.</param>
/// <param name="At">Its time by the recorded wall clock.</param>
/// <param name="News">What happened, by its kind.</param>
/// <param name="Recorded">What was decided and done then.</param>
/// <param name="Replayed">What is decided and done now.</param>
public sealed record ReplayDifference(int Event, DateTimeOffset At, string News, ImmutableArray<string> Recorded, ImmutableArray<string> Replayed);
