namespace Stormly.Deploy.Following;

/// <summary>The answer of <see cref="FollowPolicy"/>.</summary>
/// <param name="State">What is known now.</param>
/// <param name="Step">What to do next.</param>
/// <param name="Wake">When time alone changes something, where <paramref name="Step"/> is to wait.</param>
/// <param name="Report">What to tell people; null where there is nothing new.</param>
internal sealed record FollowDecision(FollowState State, FollowStep Step, TimeSpan Wake, FollowReport? Report);
