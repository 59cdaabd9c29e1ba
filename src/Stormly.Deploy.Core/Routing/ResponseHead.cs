using System.Globalization;

namespace Stormly.Deploy.Routing;

/// <summary>What the HTTP client lets pass in a response's head although it must not be believed.</summary>
internal static class ResponseHead
{
    /// <summary>Looks for what makes a response's head unusable.</summary>
    /// <param name="response">The response, its body not yet read.</param>
    /// <returns>The finding in words; null where the head is good.</returns>
    public static string? FindProblem(HttpResponseMessage response)
    {
        var code = (int)response.StatusCode;
        if (code is < 100 or > 599)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the answer's status code {code} does not exist (legal: 100 to 599)");
        }

        // A length that nobody can read would be taken for "until the connection closes".
        return response.Content.Headers.ContentLength is null
            && response.Headers.TransferEncodingChunked is not true
            && response.Content.Headers.NonValidated.Contains("Content-Length")
                ? "the answer's Content-Length is not a length"
                : null;
    }
}
