using System.Collections.Immutable;
using Stormly.Deploy.Features;

namespace Stormly.Deploy.Core.Tests.Features;

public sealed class DetectorTests
{
    private const string ChromeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";

    [Theory]
    [InlineData(ChromeOnWindows, "Chrome", "124.0.0.0", "Windows", "10.0", "desktop")]
    [InlineData(ChromeOnWindows + " Edg/124.0.2478.51", "Edge", "124.0.2478.51", "Windows", "10.0", "desktop")]
    [InlineData(ChromeOnWindows + " OPR/109.0", "Opera", "109.0", "Windows", "10.0", "desktop")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15", "Safari", "17.4", "macOS", "10.15.7", "desktop")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1", "Safari", "17.4", "iOS", "17.4.1", "mobile")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/124.0 Mobile/15E148 Safari/604.1", "Chrome", "124.0", "iOS", "16.5", "tablet")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36", "Chrome", "124.0.0.0", "Android", "14", "mobile")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Safari/537.36", "Samsung Internet", "24.0", "Android", "13", "tablet")]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox", "125.0", "Ubuntu", null, "desktop")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer", "11.0", "Windows", "6.1", "desktop")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", null, null, null, "bot")]
    [InlineData("Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10 Version/12.16", "Opera", "12.16", "Windows", "6.1", "desktop")]
    [InlineData("", null, null, null, null, null)]
    [InlineData("\0\u00ff((((", null, null, null, null, null)]
    public void Parse_UserAgent_IsRead(string text, string? browser, string? version, string? system, string? systemVersion, string? device)
    {
        var info = UserAgentParser.Parse(text);
        Assert.Equal((browser, version, system, systemVersion, device), (info.Browser, info.BrowserVersion, info.System, info.SystemVersion, info.Device));
    }

    [Theory]
    [InlineData("sec-ch-ua=\"Chromium\";v=\"124\", \"Google Chrome\";v=\"124\", \"Not-A.Brand\";v=\"99\"", "Chrome", "124.0.0.0")]
    [InlineData("sec-ch-ua=\"Not-A.Brand\";v=\"99\", \"Chromium\";v=\"124\", \"Microsoft Edge\";v=\"125\"", "Edge", "125")]
    [InlineData("sec-ch-ua=\"Google Chrome\";v=\"124\"|sec-ch-ua-full-version-list=\"Google Chrome\";v=\"124.0.6367.60\"", "Chrome", "124.0.6367.60")]
    [InlineData("sec-ch-ua=\"Chromium\";v=\"130\"", "Chrome", "124.0.0.0")]
    [InlineData("sec-ch-ua=\"Brave\";v=\"124\"", "Brave", "124")]
    [InlineData("sec-ch-ua=\"Google Chrome", "Chrome", "124.0.0.0")]
    [InlineData("sec-ch-ua=\"Nobody\";v=\"1\"", "Chrome", "124.0.0.0")]
    [InlineData("sec-ch-ua=\"Brave\";v=\"<script>\"", "Brave", "124.0.0.0")]
    public void Apply_Brands_WinOverTheUserAgent(string hints, string browser, string version)
    {
        var info = ClientHints.Apply(UserAgentParser.Parse(ChromeOnWindows), Hints(hints));
        Assert.Equal((browser, version), (info.Browser, info.BrowserVersion));
    }

    [Theory]
    [InlineData("sec-ch-ua-platform=\"Windows\"|sec-ch-ua-platform-version=\"15.0.0\"", "Windows", "11", "desktop")]
    [InlineData("sec-ch-ua-platform=\"Windows\"|sec-ch-ua-platform-version=\"10.0.0\"", "Windows", "10", "desktop")]
    [InlineData("sec-ch-ua-platform=\"macOS\"|sec-ch-ua-platform-version=\"14.4.1\"", "macOS", "14.4.1", "desktop")]
    [InlineData("sec-ch-ua-platform=\"Android\"|sec-ch-ua-mobile=?1", "Android", null, "mobile")]
    [InlineData("sec-ch-ua-platform=\"Android\"|sec-ch-ua-mobile=?0", "Android", null, "tablet")]
    [InlineData("sec-ch-ua-form-factors=\"Tablet\"|sec-ch-ua-mobile=?1", "Windows", "10.0", "tablet")]
    [InlineData("sec-ch-ua-platform=\"Unknown\"", "Windows", "10.0", "desktop")]
    public void Apply_PlatformAndForm_WinOverTheUserAgent(string hints, string system, string? version, string device)
    {
        var info = ClientHints.Apply(UserAgentParser.Parse(ChromeOnWindows), Hints(hints));
        Assert.Equal((system, version, device), (info.System, info.SystemVersion, info.Device));
    }

    [Theory]
    [InlineData("nl-NL,nl;q=0.9,en;q=0.8", "nl", "nl-NL")]
    [InlineData("en;q=0.5, de;q=0.7, fr;q=0.7", "de", null)]
    [InlineData("zh-hant-tw", "zh", "zh-Hant-TW")]
    [InlineData("*;q=0.5, pt", "pt", null)]
    [InlineData("nl;q=0", null, null)]
    [InlineData("nl;q=2", null, null)]
    [InlineData("nl;q=NaN", null, null)]
    [InlineData("*", null, null)]
    [InlineData("<script>", null, null)]
    [InlineData("a-b, 12, -nl, nl-", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void Preferred_Header_IsTheBestLanguage(string? header, string? language, string? exact)
    {
        var found = Languages.Preferred(header);
        Assert.Equal((language, exact), (found?.Text, found?.Exact));
    }

    [Theory]
    [InlineData("https://www.google.nl/search?q=x", null, "google.nl", "search")]
    [InlineData("https://www.google.co.uk/", null, "google.co.uk", "search")]
    [InlineData("https://duckduckgo.com/", null, "duckduckgo.com", "search")]
    [InlineData("https://l.facebook.com/l.php", null, "l.facebook.com", "social")]
    [InlineData("https://t.co/abc", null, "t.co", "social")]
    [InlineData("https://news.example/", null, "news.example", "other")]
    [InlineData("https://google.evil.example/", null, "google.evil.example", "other")]
    [InlineData("https://notfacebook.com/", null, "notfacebook.com", "other")]
    [InlineData("https://shop.example/a", "https://shop.example/b", "shop.example", "internal")]
    [InlineData("https://shop.example/a", "https://shop.example/a", "shop.example", "other")]
    [InlineData("https://checkout.mine.example/", null, "checkout.mine.example", "internal")]
    [InlineData("https://notmine.example/", null, "notmine.example", "other")]
    [InlineData("https://bücher.example/", null, "xn--bcher-kva.example", "other")]
    [InlineData("android-app://com.slack/", null, "com.slack", "other")]
    [InlineData("", "https://shop.example/", null, "direct")]
    [InlineData(null, null, null, "direct")]
    [InlineData("javascript:alert(1)", null, null, null)]
    [InlineData("not an address", null, null, null)]
    public void Detect_Referrer_IsHostAndKind(string? referrer, string? page, string? host, string? kind)
    {
        var options = new FeatureOptions();
        options.OwnHosts.Add("mine.example");
        var user = new EndUser { Referrer = referrer, PageUrl = page };
        Assert.Equal((host, kind), (Wanted.Find(FeatureFacts.ReferrerHost, user, options)?.Text, Wanted.Find(FeatureFacts.ReferrerKind, user, options)?.Text));
    }

    [Theory]
    [InlineData("https://a.example/?utm_source=mail&utm_medium=x", "mail")]
    [InlineData("https://a.example/?x=1&UTM_Source=spring+sale%21", "spring sale!")]
    [InlineData("https://a.example/?utm_source=&utm_source=second", "second")]
    [InlineData("https://a.example/?utm_source=first&utm_source=second", "first")]
    [InlineData("https://a.example/?utm_source=%00%zz", "\0%zz")]
    [InlineData("https://a.example/#utm_source=mail", null)]
    [InlineData("https://a.example/", null)]
    [InlineData("utm_source=mail", null)]
    public void Detect_Utm_IsTakenFromThePagesAddress(string page, string? source) => Assert.Equal(source, Wanted.Find(FeatureFacts.UtmSource, new EndUser { PageUrl = page })?.Text);

    [Fact]
    public void Detect_UtmThatIsTooLong_IsLeftOut()
        => Assert.Null(Wanted.Find(FeatureFacts.UtmSource, new EndUser { PageUrl = "https://a.example/?utm_source=" + new string('x', 300) }));

    [Fact]
    public void Detect_Clock_FollowsTheEndUsersTimeZone()
    {
        var amsterdam = new Wanted.Knowing(FeatureFacts.TimeZone, FactValue.Of("Europe/Amsterdam"));
        Assert.Equal((22, 23), (Wanted.Find(FeatureFacts.Hour, new EndUser())?.Number, Wanted.Find(FeatureFacts.Hour, new EndUser(), null, amsterdam)?.Number));
        Assert.Equal((null, 23), (Wanted.Find(FeatureFacts.LocalHour, new EndUser())?.Number, Wanted.Find(FeatureFacts.LocalHour, new EndUser(), null, amsterdam)?.Number));
        var auckland = new FeatureOptions { TimeZone = "Pacific/Auckland" };
        Assert.Equal(("Wednesday", "Thursday"), (Wanted.Find(FeatureFacts.DayOfWeek, new EndUser())?.Text, Wanted.Find(FeatureFacts.DayOfWeek, new EndUser(), auckland)?.Text));
        Assert.False(Wanted.Find(FeatureFacts.IsWeekend, new EndUser())?.Flag);
        var nowhere = new Wanted.Knowing(FeatureFacts.TimeZone, FactValue.Of("../../etc/passwd"));
        Assert.Equal(22, Wanted.Find(FeatureFacts.Hour, new EndUser(), null, nowhere)?.Number);
    }

    [Fact]
    public void Tables_EveryCountryAndLanguage_CanBeToldFromTheOthers()
    {
        Assert.Equal(250, Countries.All.Count);
        Assert.Equal(Countries.All.Count, Countries.All.Select(c => c.Text).Distinct().Count());
        Assert.All(Countries.All, c => Assert.Equal((2, 3), (c.Text!.Length, c.Others[0].Length)));
        Assert.Equal(Languages.All.Count, Languages.All.Select(c => c.Text).Distinct().Count());
        Assert.Equal("Netherlands", Countries.Find("NL")!.Others[1]);
    }

    private static ImmutableDictionary<string, string> Hints(string text) => text.Split('|').Select(h => h.Split('=', 2)).ToImmutableDictionary(h => h[0], h => h[1]);
}
