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

        return HasReadableLength(response) ? null : "the answer's Content-Length is not one length";
    }

    // A length that nobody can read would be taken for "until the connection closes", and of two different ones the first would be believed.
    private static bool HasReadableLength(HttpResponseMessage response)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var written))
        {
            return true;
        }

        string? first = null;
        foreach (var value in written)
        {
            if (first is not null && first != value)
            {
                return false;
            }

            first = value;
        }

        return response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked is true;
    }
}
