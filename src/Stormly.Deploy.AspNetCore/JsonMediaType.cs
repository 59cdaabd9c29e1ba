using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Reads how a body is announced.</summary>
internal static class JsonMediaType
{
    /// <summary>Asks whether a request says that its body is plain JSON in UTF-8.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Whether it is <c>application/json</c> or <c>…+json</c>, without another charset and without an encoding.</returns>
    public static bool IsAnnounced(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || request.Headers.ContentEncoding.Count > 0)
        {
            return false;
        }

        var isJson = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return isJson && (!charset.HasValue || charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
