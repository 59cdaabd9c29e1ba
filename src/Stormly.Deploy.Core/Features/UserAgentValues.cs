using System.Collections.Frozen;
using System.Globalization;

namespace Stormly.Deploy.Features;

/// <summary>What user agents say, with the spellings that others use.</summary>
internal static class UserAgentValues
{
    private static readonly FrozenDictionary<string, FactValue> Browsers = Table(
        UserAgentTable.Browsers,
        ("Chrome", ["Google Chrome", "Chrome Mobile", "Chrome Mobile iOS", "Chrome Mobile WebView"]),
        ("Safari", ["Safari", "Mobile Safari", "Mobile Safari UI/WKWebView", "Apple Safari"]),
        ("Firefox", ["Mozilla Firefox", "Firefox Mobile", "Firefox iOS"]),
        ("Edge", ["Microsoft Edge", "Edge Mobile", "MS Edge"]),
        ("Internet Explorer", ["Microsoft Internet Explorer", "IE Mobile", "IE", "MSIE"]),
        ("Samsung Internet", ["Samsung Internet", "Samsung Browser", "Samsung Internet for Android"]),
        ("Android Browser", ["Android Browser", "Android", "Android Webkit Browser"]));

    private static readonly FrozenDictionary<string, FactValue> Systems = Table(
        UserAgentTable.AllSystems.Append("Windows Phone"),
        ("macOS", ["Mac OS X", "Mac OS", "OS X", "Mac", "Macintosh"]),
        ("iOS", ["iPhone OS", "iPadOS"]),
        ("Windows", ["Microsoft Windows", "Windows NT", "Win"]),
        ("Chrome OS", ["ChromeOS", "CrOS", "Chromium OS"]),
        ("Linux", ["GNU/Linux"]));

    /// <summary>Every browser.</summary>
    public static IReadOnlyList<FactValue> AllBrowsers => Browsers.Values;

    /// <summary>Every system.</summary>
    public static IReadOnlyList<FactValue> AllSystems => Systems.Values;

    /// <summary>A browser's value.</summary>
    /// <param name="name">Its family.</param>
    /// <param name="device">The kind of device: some models tell a browser on telephones from the same one elsewhere.</param>
    /// <returns>The value; null for null.</returns>
    public static FactValue? Browser(string? name, string? device)
    {
        if (name is null)
        {
            return null;
        }

        var value = Browsers.GetValueOrDefault(name) ?? FactValue.Of(name);
        return device == DeviceKinds.Mobile && name is "Chrome" or "Safari" or "Firefox" or "Edge"
            ? new FactValue { Text = value.Text, Exact = value.Others[1], Others = value.Others }
            : value;
    }

    /// <summary>A system's value: a distribution of Linux is one of it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The value; null for null.</returns>
    public static FactValue? System(string? name) => name switch
    {
        null => null,
        "Ubuntu" or "Kubuntu" or "Fedora" or "Debian" or "Gentoo" or "Linux Mint" or "Slackware" or "SUSE" or "Mandriva" or "CentOS" or "Red Hat" or "Arch Linux" or "PCLinuxOS"
            => new FactValue { Text = "Linux", Exact = name, Others = Systems["Linux"].Others },
        _ => Systems.GetValueOrDefault(name) ?? FactValue.Of(name),
    };

    /// <summary>A version: whole, its first part, its first two; as a number its first part.</summary>
    /// <param name="version">The version.</param>
    /// <returns>The value; null for null.</returns>
    public static FactValue? Version(string? version)
    {
        if (version is null)
        {
            return null;
        }

        var parts = version.Split('.', 3);
        return new FactValue
        {
            Text = version,
            Others = [parts[0], parts.Length > 1 ? $"{parts[0]}.{parts[1]}" : parts[0]],
            Number = double.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null,
        };
    }

    private static FrozenDictionary<string, FactValue> Table(IEnumerable<string> names, params (string Name, string[] Others)[] spelled)
        => spelled.Select(s => FactValue.Of(s.Name, s.Others)).Concat(names.Select(n => FactValue.Of(n))).DistinctBy(v => v.Text).ToFrozenDictionary(v => v.Text!, StringComparer.Ordinal);
}
