namespace Stormly.Deploy.Health;

/// <summary>One status check as it went. All times are monotonic: time since the controller began.</summary>
/// <param name="Answer">What came of it.</param>
/// <param name="StatusCode">The code of an answer; 0 where there was none.</param>
/// <param name="Detail">What was seen, in words.</param>
/// <param name="Due">When it should have begun.</param>
/// <param name="Begun">When it did.</param>
/// <param name="Ended">When its outcome was known.</param>
internal readonly record struct ProbeReport(ProbeAnswer Answer, int StatusCode, string Detail, TimeSpan Due, TimeSpan Begun, TimeSpan Ended)
{
    /// <summary>
    /// How late the check was through no fault of the instance: the whole host application was paused, or its threads were starved. A check that
    /// takes longer than its own timeout can only have been held up on our side.
    /// </summary>
    /// <param name="timeout">The longest time that the check itself may take.</param>
    /// <returns>The time lost; zero or more.</returns>
    public TimeSpan Lateness(TimeSpan timeout)
        => Positive(Begun - Due) + Positive(Ended - Begun - timeout);

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
