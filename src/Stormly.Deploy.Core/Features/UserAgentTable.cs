using System.Collections.Frozen;

namespace Stormly.Deploy.Features;

/// <summary>The words of user agents that mean something. A word is what stands between blanks, brackets, commas and semicolons, before a slash or colon.</summary>
internal static class UserAgentTable
{
    /// <summary>No word that means something is longer.</summary>
    public const int LongestWord = 24;

    private static readonly FrozenDictionary<string, UserAgentWord>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        All().ToFrozenDictionary(w => w.Word, w => w, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Finds what a word means.</summary>
    public static UserAgentWord? Find(ReadOnlySpan<char> word) => word.Length is > 1 and <= LongestWord && Lookup.TryGetValue(word, out var found) ? found : null;

    /// <summary>Everything that a browser or program can be called.</summary>
    public static IEnumerable<string> Browsers => Programs().Select(w => w.Name!).Distinct();

    /// <summary>Everything that a system can be called.</summary>
    public static IEnumerable<string> AllSystems => Systems().Select(w => w.Name!).Distinct();

    private static IEnumerable<UserAgentWord> All() => [.. Programs(), .. Systems(), .. Devices()];

    // The rank decides between the words of one string: what imitates others stands above what it imitates.
    private static IEnumerable<UserAgentWord> Programs()
    {
        // Browsers that name themselves beside the one that they are built on.
        foreach (var (words, name) in new (string, string)[]
        {
            ("Edg EdgA EdgiOS Edge", "Edge"), ("OPR OPT OPiOS OPX Opera", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser YaApp_Android YaSearchBrowser", "Yandex Browser"), ("Vivaldi", "Vivaldi"),
            ("UCBrowser UBrowser UCWEB UC", "UC Browser"), ("Brave", "Brave"), ("DuckDuckGo Ddg", "DuckDuckGo"), ("Whale", "Whale"), ("MiuiBrowser", "MIUI Browser"), ("HuaweiBrowser", "Huawei Browser"),
            ("HeyTapBrowser", "HeyTap Browser"), ("VivoBrowser", "Vivo Browser"), ("QQBrowser MQQBrowser QQBrowserLite", "QQ Browser"), ("Silk", "Amazon Silk"), ("Puffin", "Puffin"), ("Electron", "Electron"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Focus Klar", "Firefox Focus"), ("PhantomJS", "PhantomJS"), ("HeadlessChrome", "HeadlessChrome"), ("Maxthon MxBrowser MxNitro MXiOS", "Maxthon"),
            ("coc_coc_browser", "Coc Coc"), ("SeaMonkey", "SeaMonkey"), ("PaleMoon", "Pale Moon"), ("Waterfox", "Waterfox"), ("Iceweasel", "Iceweasel"), ("Iceape", "Iceape"), ("IceCat", "IceCat"),
            ("Epiphany", "Epiphany"), ("Konqueror", "Konqueror"), ("QupZilla", "QupZilla"), ("Falkon", "Falkon"), ("Midori", "Midori"), ("OmniWeb", "OmniWeb"), ("Camino", "Camino"), ("Galeon", "Galeon"),
            ("K-Meleon", "K-Meleon"), ("Arora", "Arora"), ("NetFront", "NetFront"), ("Kazehakase", "Kazehakase"), ("Sleipnir", "Sleipnir"), ("Iron", "Iron"), ("Dolphin DolphinHDCN DolfinHD", "Dolphin"),
            ("Swiftfox", "Swiftfox"), ("Minimo", "Minimo"), ("Fennec", "Firefox"), ("Namoroka Shiretoko GranParadiso Minefield BonEcho Lorentz", "Firefox"), ("Flock", "Flock"), ("RockMelt", "RockMelt"), ("Netscape Navigator Netscape6", "Netscape"),
            ("Lunascape", "Lunascape"), ("Skyfire", "Skyfire"), ("Polaris", "Polaris"), ("Obigo", "Obigo"), ("Dillo", "Dillo"), ("Links", "Links"), ("ELinks", "ELinks"), ("Lynx", "Lynx"), ("w3m", "w3m"), ("NetSurf", "NetSurf"),
            ("iCab", "iCab"), ("Shiira", "Shiira"), ("Comodo_Dragon", "Comodo Dragon"), ("AvastSecureBrowser Avast", "Avast Secure Browser"), ("SEMC-Browser", "SEMC-Browser"), ("UP.Browser", "UP.Browser"), ("NokiaBrowser BrowserNG", "Nokia Browser"),
            ("wOSBrowser webOSBrowser", "webOS Browser"), ("Ecosia", "Ecosia"), ("LibreWolf", "LibreWolf"), ("Ladybird", "Ladybird"), ("Cliqz", "Cliqz"), ("Thunderbird", "Thunderbird"), ("ABrowse", "ABrowse"), ("Amaya", "Amaya"), ("Uzbl", "Uzbl"), ("Avant", "Avant"), ("AOL", "AOL"), ("Prism", "Prism"), ("Phoenix", "Phoenix"), ("BOLT", "BOLT"), ("Jasmine", "Jasmine"), ("Songbird", "Songbird"), ("iTunes", "iTunes"),
        })
        {
            foreach (var word in words.Split(' '))
            {
                yield return new UserAgentWord(word, UserAgentWordKind.Program, name, 70);
            }
        }

        // Apps with a browser in them, and those that fetch without one.
        foreach (var (words, name) in new (string, string)[]
        {
            ("GSA", "Google"), ("FBAV FBAN FB_IAB FBSV", "Facebook"), ("Instagram", "Instagram"), ("Snapchat", "Snapchat"), ("MicroMessenger", "WeChat"), ("Line", "LINE"), ("Pinterest", "Pinterest"),
            ("musical_ly BytedanceWebview TikTok trill", "TikTok"), ("LinkedInApp", "LinkedIn"), ("Twitter TwitterAndroid", "Twitter"), ("KAKAOTALK", "KakaoTalk"), ("NAVER", "NAVER"),
            ("curl", "curl"), ("Wget", "Wget"), ("python-requests", "Python Requests"), ("okhttp", "okhttp"), ("Go-http-client", "Go-http-client"), ("PostmanRuntime", "Postman"), ("Java", "Java"), ("libwww-perl", "libwww-perl"),
        })
        {
            foreach (var word in words.Split(' '))
            {
                yield return new UserAgentWord(word, UserAgentWordKind.Program, name, 80);
            }
        }

        yield return new UserAgentWord("Mini", UserAgentWordKind.Program, "Opera Mini", 75);
        yield return new UserAgentWord("Mobi", UserAgentWordKind.Program, "Opera Mobile", 74);
        yield return new UserAgentWord("IEMobile", UserAgentWordKind.Program, "Internet Explorer", 62);
        yield return new UserAgentWord("MSIE", UserAgentWordKind.Program, "Internet Explorer", 60);
        yield return new UserAgentWord("Trident", UserAgentWordKind.Program, "Internet Explorer", 59);
        yield return new UserAgentWord("Chromium", UserAgentWordKind.Program, "Chromium", 52);
        yield return new UserAgentWord("Chrome", UserAgentWordKind.Program, "Chrome", 50);
        yield return new UserAgentWord("Firefox", UserAgentWordKind.Program, "Firefox", 40);
        yield return new UserAgentWord("Safari", UserAgentWordKind.Program, "Safari", 30);
        yield return new UserAgentWord("MobileSafari", UserAgentWordKind.Program, "Safari", 31);
    }

    private static IEnumerable<UserAgentWord> Systems()
    {
        foreach (var (words, name, rank) in new (string, string, int)[]
        {
            ("Windows Win98 Win95 WinNT Win32", "Windows", 50), ("Android", "Android", 60), ("iPhone iPad iPod iOS", "iOS", 70), ("Macintosh Darwin Mac_PowerPC Mac", "macOS", 40), ("CrOS", "Chrome OS", 55),
            ("Linux", "Linux", 20), ("X11", "Linux", 5), ("Ubuntu", "Ubuntu", 25), ("Kubuntu", "Kubuntu", 26), ("Fedora", "Fedora", 25), ("Debian", "Debian", 25), ("Gentoo", "Gentoo", 25), ("Mint", "Linux Mint", 26), ("Slackware", "Slackware", 25),
            ("SUSE", "SUSE", 25), ("Mandriva", "Mandriva", 25), ("CentOS", "CentOS", 25), ("Red", "Red Hat", 24), ("Arch", "Arch Linux", 24), ("PCLinuxOS", "PCLinuxOS", 25), ("FreeBSD", "FreeBSD", 30), ("NetBSD", "NetBSD", 30), ("OpenBSD", "OpenBSD", 30), ("DragonFly", "DragonFly BSD", 30),
            ("SunOS", "Solaris", 30), ("Tizen", "Tizen", 65), ("Bada", "Bada", 65), ("Web0S webOS hpwOS", "webOS", 65), ("KAIOS", "KaiOS", 80), ("HarmonyOS OpenHarmony", "HarmonyOS", 75), ("BB10 PlayBook RIM", "BlackBerry OS", 66),
            ("SymbianOS Symbian SymbOS Series60 S60", "Symbian OS", 64), ("Series40", "Series 40", 63), ("MeeGo", "MeeGo", 64), ("Maemo", "Maemo", 64), ("Sailfish", "Sailfish", 64), ("WindowsCE", "Windows", 50), ("Haiku", "Haiku", 30), ("BeOS", "BeOS", 30), ("AmigaOS", "AmigaOS", 30), ("OS/2", "OS/2", 30), ("HP-UX", "HP-UX", 30), ("AIX", "AIX", 30), ("IRIX IRIX64", "IRIX", 30),
            ("PlayStation", "PlayStation", 68), ("Nintendo", "Nintendo", 68), ("Roku", "Roku", 68), ("AppleTV tvOS", "tvOS", 72), ("Fuchsia", "Fuchsia", 60), ("BREW", "BREW", 64),
        })
        {
            foreach (var word in words.Split(' '))
            {
                yield return new UserAgentWord(word, UserAgentWordKind.System, name, rank);
            }
        }
    }

    private static IEnumerable<UserAgentWord> Devices()
    {
        foreach (var (words, name, rank) in new (string, string, int)[]
        {
            ("Mobile Smartphone Phone MIDP-2.0 MIDP-2.1 MIDP-1.0 MIDP MeeGoMobile", DeviceKinds.Mobile, 20), ("Tablet", DeviceKinds.Tablet, 40), ("Kindle", DeviceKinds.Tablet, 45), ("TouchPad", DeviceKinds.Tablet, 65),
            ("facebookexternalhit facebookcatalog Mediapartners-Google ia_archiver Teoma HTTrack", DeviceKinds.Bot, 90),
            ("SmartTV SMART-TV Smart-TV TV GoogleTV HbbTV BRAVIA AFTS AFTB AFTM AFTT AFTN AFTSS AFTMM AFTKA NetCast NETTV CrKey", DeviceKinds.Tv, 60), ("Xbox", DeviceKinds.Console, 70), ("Watch", DeviceKinds.Wearable, 50),
        })
        {
            foreach (var word in words.Split(' ').Distinct(StringComparer.OrdinalIgnoreCase))
            {
                yield return new UserAgentWord(word, UserAgentWordKind.Device, name, rank);
            }
        }
    }
}
