using System.Collections.Frozen;
using System.Globalization;

namespace Stormly.Deploy.Features;

/// <summary>The facts that the library knows by name.</summary>
internal static class FactTable
{
    /// <summary>The spelling that a name asks for where it asks for none.</summary>
    public const int Usual = 0;

    /// <summary>The spelling <see cref="FactValue.Exact"/>.</summary>
    public const int Exact = -1;

    private static readonly FactDescription[] All =
    [
        new(FeatureFacts.Country, "country of the address", FactForms.Text)
        {
            Names = "country countrycode countryiso countryiso2 countryisocode countryisoalpha2 isocountry isocountrycode nation countryname:2 countryiso3:1 countrycode3:1 countryalpha3:1", Vocabulary = Countries.All,
        },
        new(FeatureFacts.Region, "region of the address", FactForms.Text) { Names = "region regionname state statename province subdivision regioncode:1 statecode:1 regionisocode:1" },
        new(FeatureFacts.City, "city of the address", FactForms.Text) { Names = "city cityname town" },
        new(FeatureFacts.TimeZone, "time zone of the address", FactForms.Text) { Names = "timezone timezonename timezoneid tz tzname" },
        new(FeatureFacts.LocalHour, "hour in the time zone of the address", FactForms.Text | FactForms.Number) { Names = "localhour localhourofday hourlocal localtimehour", Greatest = 23 },
        new(FeatureFacts.Browser, "browser", FactForms.Text) { Names = "browser browserfamily browsername browsertype webbrowser useragentfamily useragent", Vocabulary = UserAgentValues.AllBrowsers },
        new(FeatureFacts.BrowserVersion, "version of the browser", FactForms.Text | FactForms.Number) { Names = "browserversion browsermajor:1 browsermajorversion:1 useragentversion" },
        new(FeatureFacts.OperatingSystem, "operating system", FactForms.Text) { Names = "operatingsystem os osfamily osname operatingsystemname operatingsystemfamily platform", Vocabulary = UserAgentValues.AllSystems },
        new(FeatureFacts.OperatingSystemVersion, "version of the operating system", FactForms.Text | FactForms.Number) { Names = "operatingsystemversion osversion osmajor:1 osmajorversion:1 platformversion" },
        new(FeatureFacts.DeviceKind, "kind of device", FactForms.Text) { Names = "device devicetype devicekind devicecategory deviceclass deviceformfactor formfactor", Vocabulary = DeviceKinds.All },
        new(FeatureFacts.IsMobile, "kind of device", FactForms.Flag | FactForms.Number) { Names = "ismobile mobile ismobiledevice mobiledevice onmobile isonmobile", Greatest = 1 },
        new(FeatureFacts.Language, "preferred language", FactForms.Text) { Names = "language languagecode lang browserlanguage preferredlanguage acceptlanguage locale:exact browserlocale:exact languagename:1", Vocabulary = Languages.All },
        new(FeatureFacts.ReferrerHost, "page that led here", FactForms.Text) { Names = "referrer referer referrerhost refererhost referrerdomain refererdomain referringhost referringdomain referringsite referrerhostname" },
        new(FeatureFacts.ReferrerKind, "page that led here", FactForms.Text) { Names = "referrertype referertype referrerkind refererkind referrersource referrercategory referrermedium trafficsource trafficchannel", Vocabulary = ReferrerKinds.All },
        new(FeatureFacts.UtmSource, "address of the page", FactForms.Text) { Names = "utmsource" },
        new(FeatureFacts.UtmMedium, "address of the page", FactForms.Text) { Names = "utmmedium" },
        new(FeatureFacts.UtmCampaign, "address of the page", FactForms.Text) { Names = "utmcampaign utmcampaignname" },
        new(FeatureFacts.UtmTerm, "address of the page", FactForms.Text) { Names = "utmterm" },
        new(FeatureFacts.UtmContent, "address of the page", FactForms.Text) { Names = "utmcontent" },
        new(FeatureFacts.DayOfWeek, "time of the request", FactForms.Text | FactForms.Number) { Names = "dayofweek dayofweekname weekday weekdayname dow dayname dayoftheweek", Vocabulary = ClockValues.AllDays, Greatest = 7 },
        new(FeatureFacts.IsWeekend, "time of the request", FactForms.Flag | FactForms.Number) { Names = "isweekend weekend", Greatest = 1 },
        new(FeatureFacts.Hour, "time of the request", FactForms.Text | FactForms.Number) { Names = "hour hourofday hourofvisit hourofrequest hourofevent visithour requesthour", Greatest = 23 },
    ];

    private static readonly FrozenDictionary<string, (FactDescription Fact, int Spelling)> ByName = All
        .SelectMany(f => f.Names.Split(' ').Select(n => (Parts: n.Split(':'), Fact: f)))
        .ToFrozenDictionary(n => n.Parts[0], n => (n.Fact, n.Parts.Length == 1 ? Usual : n.Parts[1] == "exact" ? Exact : int.Parse(n.Parts[1], CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, FactDescription> ByFact = All.ToFrozenDictionary(f => f.Fact, StringComparer.Ordinal);

    /// <summary>The names of all facts.</summary>
    public static IEnumerable<string> Facts => All.Select(f => f.Fact);

    /// <summary>All names that features go by, folded.</summary>
    public static IReadOnlyList<string> Names => ByName.Keys;

    /// <summary>What the library knows of a fact; null for a fact of somebody else.</summary>
    public static FactDescription? Find(string fact) => ByFact.GetValueOrDefault(fact);

    /// <summary>Which fact a name is taken for.</summary>
    /// <param name="folded">The folded name.</param>
    /// <returns>The fact and the spelling that the name asks for; null where the name says nothing.</returns>
    public static (FactDescription Fact, int Spelling)? ByFeatureName(string folded) => ByName.TryGetValue(folded, out var found) ? found : null;
}
