using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore;

/// <summary>What can be wrong with a request before its plugin is asked.</summary>
/// <param name="StatusCode">The answer's code.</param>
/// <param name="Slug">The last part of the problem's type; never changes.</param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Detail">What to do about it.</param>
internal sealed record WebProblem(int StatusCode, string Slug, string Title, string Detail)
{
    public static WebProblem Malformed { get; } = new(400, "malformed-request", "The request cannot be read.", "Its body does not end as HTTP says.");

    public static WebProblem NoSuchPlace { get; } = new(404, "unknown-place", "There is nothing here.", "A plugin's requests go to its own address, without further segments.");

    public static WebProblem NotExplained { get; } = new(404, "unknown-place", "There is nothing here.", "This plugin takes requests and does not explain itself.");

    public static WebProblem Method { get; } = new(405, "method-not-allowed", "This method is not for plugins.", "Send a POST.");

    public static WebProblem DocumentMethod { get; } = new(405, "method-not-allowed", "This method is not for documents.", "Send a GET.");

    public static WebProblem MediaType { get; } = new(
        415, "unsupported-media-type", "The body is not announced as JSON.", "Send Content-Type: application/json, in UTF-8 and without Content-Encoding.");

    /// <summary>Whether the rest of the body is not worth waiting for: the connection ends with the answer.</summary>
    public bool EndsConnection => StatusCode is 408 or 413;

    public static WebProblem NoSuchPlugin(string name) => new(
        404, PluginOutcome.UnknownPlugin.ToSlug(), "There is no such plugin.", $"No plugin is deployed under the name '{PrintableText.Escape(name, maxLength: 100)}'.");

    public static WebProblem NotAcceptable(IEnumerable<string> offered) => new(
        406, "not-acceptable", "There is no such form of this page.", $"Accept one of {string.Join(", ", offered)}.");

    public static WebProblem TooLarge(int limit) => new(
        413, PluginOutcome.RequestTooLarge.ToSlug(), "The request is too large.", string.Create(CultureInfo.InvariantCulture, $"A body has at most {limit} bytes."));

    public static WebProblem TooSlow(TimeSpan limit) => new(
        408, "request-too-slow", "The body came too slowly.", string.Create(CultureInfo.InvariantCulture, $"A body must be sent within {limit.TotalSeconds:0.###} s and without long pauses."));
}
