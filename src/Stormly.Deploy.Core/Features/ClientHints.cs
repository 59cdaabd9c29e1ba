using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;

namespace Stormly.Deploy.Features;

/// <summary>Reads client hints (User-Agent Client Hints): what they say wins over the user agent, which browsers freeze more and more.</summary>
internal static class ClientHints
{
    private const int MostBrands = 16;

    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("0123456789.");

    /// <summary>Completes what the user agent says.</summary>
    /// <param name="said">What it says.</param>
    /// <param name="hints">The hints by their names in lower case.</param>
    /// <returns>Both together.</returns>
    public static UserAgentInfo Apply(UserAgentInfo said, ImmutableDictionary<string, string> hints)
    {
        if (hints.IsEmpty || said.Device == DeviceKinds.Bot)
        {
            return said;
        }

        var brand = Brand(hints.GetValueOrDefault("sec-ch-ua-full-version-list")) ?? Brand(hints.GetValueOrDefault("sec-ch-ua"));
        if (brand is { } found && !(found.Name == "Chromium" && said.Browser is not null))
        {
            var sameMajor = found.Name == said.Browser && said.BrowserVersion is { } version && version.Split('.')[0] == found.Version;
            said = said with { Browser = found.Name, BrowserVersion = sameMajor ? said.BrowserVersion : found.Version ?? said.BrowserVersion };
        }

        var platform = Unquote(hints.GetValueOrDefault("sec-ch-ua-platform"));
        if (System(platform) is { } system)
        {
            var platformVersion = Unquote(hints.GetValueOrDefault("sec-ch-ua-platform-version"));
            var version = IsVersion(platformVersion) ? SystemVersion(system, platformVersion!) : said.System == system ? said.SystemVersion : null;
            said = said with { System = system, SystemVersion = version };
        }

        return said with { Device = Device(hints, said) ?? said.Device };
    }

    /// <summary>The brand that tells most: anything known before Chromium, and a made-up one, which browsers add so that nobody relies on the list, never.</summary>
    private static (string Name, string? Version)? Brand(string? list)
    {
        ReadOnlySpan<char> rest = list;
        (string, string?)? chromium = null;
        for (var i = 0; i < MostBrands && !rest.IsEmpty; i++)
        {
            if (!TryQuoted(ref rest, out var brand))
            {
                break;
            }

            var version = default(ReadOnlySpan<char>);
            if (rest.TrimStart(" ").StartsWith(";v=", StringComparison.Ordinal))
            {
                rest = rest.TrimStart(" ")[3..];
                TryQuoted(ref rest, out version);
            }

            var number = IsVersion(version) ? version.ToString() : null;
            switch (brand)
            {
                case "Google Chrome":
                    return ("Chrome", number);
                case "Microsoft Edge":
                    return ("Edge", number);
                case "Opera" or "Brave" or "Vivaldi" or "Samsung Internet" or "HeadlessChrome" or "DuckDuckGo" or "Whale" or "Ecosia":
                    return (brand.ToString(), number);
                case "Yandex" or "YaBrowser":
                    return ("Yandex Browser", number);
                case "Chromium" or "Android WebView":
                    chromium ??= ("Chromium", number);
                    break;
            }
        }

        return chromium;
    }

    private static bool TryQuoted(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> text)
    {
        text = default;
        var open = rest.IndexOf('"');
        if (open < 0)
        {
            rest = default;
            return false;
        }

        rest = rest[(open + 1)..];
        var close = rest.IndexOf('"');
        if (close < 0)
        {
            rest = default;
            return false;
        }

        text = rest[..close];
        rest = rest[(close + 1)..];
        return true;
    }

    private static string? System(string? platform) => platform switch
    {
        "Windows" or "macOS" or "Android" or "iOS" or "Linux" or "Fuchsia" => platform,
        "Chrome OS" or "Chromium OS" => "Chrome OS",
        _ => null,
    };

    /// <summary>Windows counts its interfaces here: from 13 on it is Windows 11, from 1 on Windows 10.</summary>
    private static string? SystemVersion(string system, string version)
    {
        if (system != "Windows")
        {
            return version;
        }

        return int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major >= 13 ? "11" : major >= 1 ? "10" : null : null;
    }

    private static string? Device(ImmutableDictionary<string, string> hints, UserAgentInfo said)
    {
        foreach (var (form, kind) in new[] { ("Watch", DeviceKinds.Wearable), ("Tablet", DeviceKinds.Tablet), ("Mobile", DeviceKinds.Mobile), ("Desktop", DeviceKinds.Desktop) })
        {
            if (hints.TryGetValue("sec-ch-ua-form-factors", out var forms) && forms.Contains($"\"{form}\"", StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return hints.GetValueOrDefault("sec-ch-ua-mobile") switch
        {
            "?1" => DeviceKinds.Mobile,
            "?0" when said.System == "Android" => said.Device is DeviceKinds.Tv ? said.Device : DeviceKinds.Tablet,
            "?0" when said.Device is null or DeviceKinds.Mobile => DeviceKinds.Desktop,
            _ => null,
        };
    }

    private static string? Unquote(string? text) => text is ['"', .., '"'] ? text[1..^1] : text;

    private static bool IsVersion(ReadOnlySpan<char> text) => text.Length is > 0 and <= 32 && char.IsAsciiDigit(text[0]) && !text.ContainsAnyExcept(VersionCharacters);
}
