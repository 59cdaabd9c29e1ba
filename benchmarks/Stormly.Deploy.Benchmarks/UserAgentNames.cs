namespace Stormly.Deploy.Benchmarks;

/// <summary>Our names for what the pattern set calls otherwise: it parts one browser on telephones and on computers in two families.</summary>
internal static class UserAgentNames
{
    /// <summary>The browser; empty where the pattern set knows none.</summary>
    public static string Browser(string family) => family switch
    {
        "Other" => "",
        "Chrome Mobile" or "Chrome Mobile iOS" or "Chrome Mobile WebView" => "Chrome",
        "Mobile Safari" or "Mobile Safari UI/WKWebView" => "Safari",
        "Firefox Mobile" or "Firefox iOS" or "Firefox Alpha" or "Firefox Beta" or "Firefox (Minefield)" or "Firefox (Namoroka)" or "Firefox (Shiretoko)" => "Firefox",
        "Edge Mobile" => "Edge",
        "IE" or "IE Mobile" => "Internet Explorer",
        "Android" => "Android Browser",
        "Opera Tablet" => "Opera Mobile",
        "DuckDuckGo Mobile" => "DuckDuckGo",
        "Phantom" => "PhantomJS",
        "BlackBerry WebKit" => "BlackBerry",
        "Nokia Services (WAP) Browser" or "Nokia OSS Browser" => "Nokia Browser",
        "Yahoo! Slurp" => "Slurp",
        "FacebookBot" => "facebookexternalhit",
        _ => family,
    };

    /// <summary>The system; empty where the pattern set knows none.</summary>
    public static string System(string family) => family switch
    {
        "Other" => "",
        "Mac OS X" or "Mac OS" => "macOS",
        "BlackBerry Tablet OS" => "BlackBerry OS",
        "Symbian^3" or "Symbian^3 Anna" => "Symbian OS",
        _ => family,
    };
}
