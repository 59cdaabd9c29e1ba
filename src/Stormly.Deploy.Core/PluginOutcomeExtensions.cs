namespace Stormly.Deploy;

/// <summary>The one place where outcomes become HTTP status codes and problem types.</summary>
public static class PluginOutcomeExtensions
{
    /// <summary>What the type of every problem document begins with.</summary>
    public const string ProblemTypePrefix = "urn:stormly-deploy:problem:";

    /// <summary>The HTTP status code of an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns>The code; 499 for a caller who gave up, who will not see it.</returns>
    public static int ToStatusCode(this PluginOutcome outcome) => outcome switch
    {
        PluginOutcome.Ok => 200,
        PluginOutcome.InvalidRequest => 400,
        PluginOutcome.UnknownPlugin => 404,
        PluginOutcome.RequestTooLarge => 413,
        PluginOutcome.Overloaded => 429,
        PluginOutcome.Cancelled => 499,
        PluginOutcome.PluginError => 502,
        PluginOutcome.Unavailable => 503,
        PluginOutcome.Timeout => 504,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "There is no such outcome."),
    };

    /// <summary>The outcome's name in problem types and metrics; it never changes.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns>Lower-case words joined by <c>-</c>.</returns>
    public static string ToSlug(this PluginOutcome outcome) => outcome switch
    {
        PluginOutcome.Ok => "ok",
        PluginOutcome.InvalidRequest => "invalid-request",
        PluginOutcome.UnknownPlugin => "unknown-plugin",
        PluginOutcome.RequestTooLarge => "request-too-large",
        PluginOutcome.Overloaded => "overloaded",
        PluginOutcome.Cancelled => "cancelled",
        PluginOutcome.PluginError => "plugin-error",
        PluginOutcome.Unavailable => "unavailable",
        PluginOutcome.Timeout => "timeout",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "There is no such outcome."),
    };
}
