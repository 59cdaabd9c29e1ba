namespace Stormly.Deploy.Following;

/// <summary>Something about a followed folder that people should know.</summary>
/// <param name="What">What was done.</param>
/// <param name="Why">What was seen.</param>
/// <param name="Trouble">Whether what lies there does not get in, and somebody must mend it.</param>
internal sealed record FollowReport(string What, string Why, bool Trouble = false);
