namespace Stormly.Deploy.Runtime;

/// <summary>One moment by both clocks. Every wait and deadline counts by <paramref name="Uptime"/>; the wall clock only dates what people read.</summary>
/// <param name="Uptime">Monotonic time since the controller began.</param>
/// <param name="Wall">The wall clock.</param>
internal readonly record struct Moment(TimeSpan Uptime, DateTimeOffset Wall);
