using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>Makes every response but the good one: each row of the answer table is worded here and nowhere else.</summary>
internal static class PluginResponses
{
    /// <summary>No plugin of that name.</summary>
    public static PluginResponse Unknown(string plugin)
        => Make(PluginOutcome.UnknownPlugin, "There is no such plugin.", $"No plugin is deployed under the name '{PrintableText.Escape(plugin, maxLength: 100)}'.");

    /// <summary>The caller's body is refused.</summary>
    public static PluginResponse Invalid(RequestCheck check)
    {
        var (outcome, title) = check.IsTooLarge
            ? (PluginOutcome.RequestTooLarge, "The request is too large.")
            : (PluginOutcome.InvalidRequest, "The request is not what the plugin expects.");
        var problems = check.Problems;
        var detail = problems.Length == 1 ? problems[0].ToString() : string.Create(CultureInfo.InvariantCulture, $"{problems.Length} problems were found.");
        return new(outcome, Problem(outcome, title, detail) with { Problems = problems });
    }

    /// <summary>No instance could be had.</summary>
    public static PluginResponse Refused(string plugin, AcquireResult result) => result.Refusal switch
    {
        AcquireRefusal.UnknownPlugin => Unknown(plugin),
        AcquireRefusal.Cancelled => Cancelled(null),
        AcquireRefusal.Unavailable => Make(PluginOutcome.Unavailable, "The plugin is not ready.", Sentence(result.Reason), result.RetryAfter),
        _ => Make(PluginOutcome.Overloaded, "The plugin is busy.", result.Reason, result.RetryAfter),
    };

    private static string Sentence(string? reason)
        => string.IsNullOrEmpty(reason) ? "" : reason.EndsWith('.') ? reason : $"{char.ToUpperInvariant(reason[0])}{reason[1..]}.";

    /// <summary>A feature provider was late or failed, and the settings want every feature.</summary>
    public static PluginResponse WithoutFeatures()
        => new(PluginOutcome.Unavailable, Problem(PluginOutcome.Unavailable, "The request could not be completed.", "Features that the application supplies could not be had in time. The plugin was not called.") with { Reason = "feature-provider" });

    /// <summary>The caller gave up.</summary>
    public static PluginResponse Cancelled(InstanceId? instance)
        => new(PluginOutcome.Cancelled, Problem(PluginOutcome.Cancelled, "The caller gave up.", "")) { Instance = instance };

    /// <summary>The call gave nothing that may be passed on.</summary>
    /// <param name="target">The instance.</param>
    /// <param name="call">What came of the call.</param>
    /// <param name="notJson">What is wrong with the body of a 200; null for every other answer.</param>
    /// <returns>The response; the call is not kept.</returns>
    public static PluginResponse Failed(RouteTarget target, CallOutcome call, string? notJson)
    {
        if (call.Result == CallResult.Cancelled)
        {
            return Cancelled(target.Instance);
        }

        if (call.Result == CallResult.TimedOut)
        {
            return new(PluginOutcome.Timeout, Problem(PluginOutcome.Timeout, "The plugin did not answer in time.", $"Seen: {call.Detail}.")) { Instance = target.Instance };
        }

        var (reason, detail) = Explain(call, notJson);
        return new(PluginOutcome.PluginError, Problem(PluginOutcome.PluginError, "The plugin failed.", detail) with { Reason = reason })
        {
            Instance = target.Instance,
            PluginStatusCode = call.Result == CallResult.Answered ? call.StatusCode : null,
        };
    }

    private static (string Reason, string Detail) Explain(CallOutcome call, string? notJson) => call.Result switch
    {
        CallResult.Answered when notJson is not null => ("not-json", $"Its answer is {notJson}."),
        CallResult.Answered => ("status", string.Create(CultureInfo.InvariantCulture, $"It answered {call.StatusCode}; anything but 200 is an error.")),
        CallResult.TooLarge => ("too-large", $"Seen: {call.Detail}."),
        CallResult.NotHttp => ("not-http", $"Seen: {call.Detail}."),
        CallResult.NotConnected => ("not-connected", "It could not be reached."),
        _ => ("connection-lost", $"Seen: {call.Detail}."),
    };

    private static PluginResponse Make(PluginOutcome outcome, string title, string detail, TimeSpan? retryAfter = null)
        => new(outcome, Problem(outcome, title, detail)) { RetryAfter = retryAfter };

    private static PluginProblem Problem(PluginOutcome outcome, string title, string detail)
        => new(PluginOutcomeExtensions.ProblemTypePrefix + outcome.ToSlug(), title, detail);
}
