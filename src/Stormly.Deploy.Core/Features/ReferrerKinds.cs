using System.Collections.Frozen;

namespace Stormly.Deploy.Features;

/// <summary>What kind of page led somebody here.</summary>
internal static class ReferrerKinds
{
    public static readonly FactValue Search = FactValue.Of("search", "organic", "search engine", "organic search");
    public static readonly FactValue Social = FactValue.Of("social", "social media", "social network");
    public static readonly FactValue Direct = FactValue.Of("direct", "(direct)", "none", "typed");
    public static readonly FactValue Internal = FactValue.Of("internal", "self", "own");
    public static readonly FactValue Other = FactValue.Of("other", "referral", "external", "unknown");

    /// <summary>By the label before the public suffix, whatever the country: <c>google.nl</c>, <c>www.google.co.uk</c>.</summary>
    private static readonly FrozenSet<string> SearchLabels = FrozenSet.Create(
        "google", "bing", "yahoo", "duckduckgo", "baidu", "yandex", "ecosia", "qwant", "startpage", "naver", "seznam", "sogou", "ask", "aol", "daum", "so", "metager", "mojeek", "swisscows", "kagi", "presearch", "dogpile");

    private static readonly FrozenDictionary<string, FactValue> ByHost = new Dictionary<string, FactValue>(StringComparer.Ordinal)
    {
        ["search.brave.com"] = Search,
        ["perplexity.ai"] = Search,
        ["facebook.com"] = Social,
        ["fb.com"] = Social,
        ["fb.me"] = Social,
        ["instagram.com"] = Social,
        ["threads.net"] = Social,
        ["threads.com"] = Social,
        ["twitter.com"] = Social,
        ["x.com"] = Social,
        ["t.co"] = Social,
        ["linkedin.com"] = Social,
        ["lnkd.in"] = Social,
        ["reddit.com"] = Social,
        ["pinterest.com"] = Social,
        ["pin.it"] = Social,
        ["tiktok.com"] = Social,
        ["youtube.com"] = Social,
        ["youtu.be"] = Social,
        ["snapchat.com"] = Social,
        ["whatsapp.com"] = Social,
        ["wa.me"] = Social,
        ["telegram.org"] = Social,
        ["t.me"] = Social,
        ["vk.com"] = Social,
        ["ok.ru"] = Social,
        ["weibo.com"] = Social,
        ["weibo.cn"] = Social,
        ["tumblr.com"] = Social,
        ["quora.com"] = Social,
        ["discord.com"] = Social,
        ["mastodon.social"] = Social,
        ["bsky.app"] = Social,
        ["xing.com"] = Social,
        ["line.me"] = Social,
        ["medium.com"] = Social,
        ["news.ycombinator.com"] = Social,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<FactValue> All { get; } = [Search, Social, Direct, Internal, Other];

    /// <summary>The kind of a host that is not one's own.</summary>
    /// <param name="host">The host in lower case.</param>
    /// <returns>The kind.</returns>
    public static FactValue Of(string host)
    {
        for (var rest = host; ;)
        {
            if (ByHost.TryGetValue(rest, out var kind))
            {
                return kind;
            }

            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                break;
            }

            rest = rest[(dot + 1)..];
        }

        return SearchLabels.Contains(Label(host)) ? Search : Other;
    }

    /// <summary>The label before the suffix: a suffix of two letters may have a second part of up to three, as in <c>co.uk</c> and <c>com.br</c>.</summary>
    private static string Label(string host)
    {
        var labels = host.Split('.');
        var last = labels.Length - 2;
        if (last > 0 && labels[^1].Length == 2 && labels[last].Length <= 3)
        {
            last--;
        }

        return last < 0 ? "" : labels[last];
    }
}
