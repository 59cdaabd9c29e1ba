namespace Stormly.Deploy.Features;

/// <summary>
/// The facts about an end user and a request that the library itself can detect. A fact of your own has any other name; a detector (<see cref="IFeatureDetector"/>)
/// supplies it, and the options (<see cref="FeatureOptions"/>) say which features it is for.
/// </summary>
public static class FeatureFacts
{
    /// <summary>The country of the address. Needs a geo database.</summary>
    public const string Country = "country";

    /// <summary>The state, province or region of the address. Needs a geo database.</summary>
    public const string Region = "region";

    /// <summary>The city of the address. Needs a geo database.</summary>
    public const string City = "city";

    /// <summary>The time zone of the address by its IANA name, e.g. <c>Europe/Amsterdam</c>. Needs a geo database.</summary>
    public const string TimeZone = "time-zone";

    /// <summary>The hour of day, 0 to 23, where the end user is; unknown where the time zone is. Needs a geo database.</summary>
    public const string LocalHour = "local-hour";

    /// <summary>The family of the browser, e.g. <c>Firefox</c>.</summary>
    public const string Browser = "browser";

    /// <summary>The version of the browser; as a number its first part.</summary>
    public const string BrowserVersion = "browser-version";

    /// <summary>The operating system, e.g. <c>Windows</c>.</summary>
    public const string OperatingSystem = "operating-system";

    /// <summary>The version of the operating system; as a number its first part.</summary>
    public const string OperatingSystemVersion = "operating-system-version";

    /// <summary>The kind of device: <c>desktop</c>, <c>mobile</c>, <c>tablet</c>, <c>tv</c>, <c>console</c>, <c>wearable</c> or <c>bot</c>.</summary>
    public const string DeviceKind = "device-kind";

    /// <summary>Whether the device is a telephone.</summary>
    public const string IsMobile = "is-mobile";

    /// <summary>The language that the end user prefers.</summary>
    public const string Language = "language";

    /// <summary>The host of the page that the end user came from, without <c>www.</c>; unknown where there is none.</summary>
    public const string ReferrerHost = "referrer-host";

    /// <summary>What that page is: <c>search</c>, <c>social</c>, <c>internal</c>, <c>other</c>, or <c>direct</c> where there is none.</summary>
    public const string ReferrerKind = "referrer-kind";

    /// <summary>The parameter <c>utm_source</c> of the page's address.</summary>
    public const string UtmSource = "utm-source";

    /// <summary>The parameter <c>utm_medium</c>.</summary>
    public const string UtmMedium = "utm-medium";

    /// <summary>The parameter <c>utm_campaign</c>.</summary>
    public const string UtmCampaign = "utm-campaign";

    /// <summary>The parameter <c>utm_term</c>.</summary>
    public const string UtmTerm = "utm-term";

    /// <summary>The parameter <c>utm_content</c>.</summary>
    public const string UtmContent = "utm-content";

    /// <summary>The day of the week, in the end user's time zone where it is known, else in that of the options.</summary>
    public const string DayOfWeek = "day-of-week";

    /// <summary>Whether it is Saturday or Sunday, in the same time zone.</summary>
    public const string IsWeekend = "is-weekend";

    /// <summary>The hour of day, 0 to 23, in the same time zone.</summary>
    public const string Hour = "hour";

    /// <summary>In the options: nothing is detected for a feature.</summary>
    public const string None = "none";
}
