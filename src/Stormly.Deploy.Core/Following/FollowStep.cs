namespace Stormly.Deploy.Following;

/// <summary>What to do next about a followed folder.</summary>
internal enum FollowStep
{
    /// <summary>Wait for news, or for the time to come.</summary>
    Wait,

    /// <summary>Look at names, sizes and times.</summary>
    Look,

    /// <summary>Read everything, and deploy what differs.</summary>
    Read,
}
