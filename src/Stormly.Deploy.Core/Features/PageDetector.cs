namespace Stormly.Deploy.Features;

/// <summary>Where the end user came from, and the campaign that led here.</summary>
internal sealed class PageDetector(FeatureOptions options) : IFeatureDetector
{
    private const int LongestValue = 256;

    private static readonly (string Parameter, string Fact)[] Utm =
    [
        ("utm_source", FeatureFacts.UtmSource), ("utm_medium", FeatureFacts.UtmMedium), ("utm_campaign", FeatureFacts.UtmCampaign), ("utm_term", FeatureFacts.UtmTerm), ("utm_content", FeatureFacts.UtmContent),
    ];

    private readonly string[] _own = [.. options.OwnHosts.Select(h => h.ToLowerInvariant())];

    public IReadOnlyCollection<string> Facts { get; } = [FeatureFacts.ReferrerHost, FeatureFacts.ReferrerKind, .. Utm.Select(u => u.Fact)];

    public void Detect(FactFinding finding)
    {
        var page = Read(finding.User.PageUrl);
        if (finding.Wants(FeatureFacts.ReferrerHost) || finding.Wants(FeatureFacts.ReferrerKind))
        {
            var text = finding.User.Referrer;
            var referrer = Read(text);
            var host = referrer is null ? null : Host(referrer);
            finding.Set(FeatureFacts.ReferrerHost, host is null ? null : FactValue.Of(host));
            finding.Set(FeatureFacts.ReferrerKind, string.IsNullOrEmpty(text) ? ReferrerKinds.Direct : host is null ? null : IsOwn(host, text, page, finding.User.PageUrl) ? ReferrerKinds.Internal : ReferrerKinds.Of(host));
        }

        if (page is { Query.Length: > 1 })
        {
            ReadUtm(finding, page.Query.AsSpan(1));
        }
    }

    /// <summary>One of ours, or the host of the page itself, unless referrer and page are one address: then the page is all that is known.</summary>
    private bool IsOwn(string host, string referrer, Uri? page, string? pageUrl)
    {
        foreach (var own in _own)
        {
            if (host == own || host == Without(own) || host.EndsWith("." + own, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return page is not null && referrer != pageUrl && Host(page) == host;
    }

    private static void ReadUtm(FactFinding finding, ReadOnlySpan<char> query)
    {
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            if (equals <= 0 || !pair.StartsWith("utm_", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var (parameter, fact) in Utm)
            {
                if (finding.Wants(fact) && pair[..equals].Equals(parameter, StringComparison.OrdinalIgnoreCase))
                {
                    var value = Uri.UnescapeDataString(pair[(equals + 1)..].ToString().Replace('+', ' ')).Trim();
                    finding.Set(fact, value.Length is > 0 and <= LongestValue ? FactValue.Of(value) : null);
                }
            }
        }
    }

    private static Uri? Read(string? address)
        => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.Scheme is "http" or "https" or "android-app" ? uri : null;

    private static string Host(Uri uri) => Without(uri.IdnHost.ToLowerInvariant());

    private static string Without(string host) => host.StartsWith("www.", StringComparison.Ordinal) && host.LastIndexOf('.') > 3 ? host[4..] : host;
}
