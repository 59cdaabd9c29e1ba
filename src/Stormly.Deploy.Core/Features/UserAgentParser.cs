using System.Buffers;

namespace Stormly.Deploy.Features;

/// <summary>
/// Reads user agents. One pass over the text, word by word, each looked up in a table. Some words look at the one that follows, so a text that is made for it can have one word looked at often;
/// <see cref="Longest"/> bounds what that costs, whatever the text is and however long.
/// </summary>
internal ref struct UserAgentParser
{
    /// <summary>How many characters are read. The user agents of browsers have a few hundred, with everything that programs add to them below two thousand; what stands behind says nothing.</summary>
    public const int Longest = 2048;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" ;,()[]\"'\t");
    private static readonly UserAgentWord WindowsPhone = new("Phone", UserAgentWordKind.System, "Windows Phone", 90);
    private static readonly UserAgentWord BlackBerrySystem = new("BlackBerry", UserAgentWordKind.System, "BlackBerry OS", 66);
    private static readonly UserAgentWord BlackBerry = new("BlackBerry", UserAgentWordKind.Program, "BlackBerry", 70);
    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("0123456789._");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    private ReadOnlySpan<char> _text;
    private UserAgentWord? _program;
    private UserAgentWord? _system;
    private UserAgentWord? _device;
    private ReadOnlySpan<char> _programVersion;
    private ReadOnlySpan<char> _systemVersion;
    private ReadOnlySpan<char> _version;
    private ReadOnlySpan<char> _bot;
    private ReadOnlySpan<char> _revision;
    private bool _isMobile;
    private bool _isNokia;

    /// <summary>Reads one.</summary>
    /// <param name="userAgent">The header's text.</param>
    /// <returns>What it says.</returns>
    public static UserAgentInfo Parse(ReadOnlySpan<char> userAgent)
    {
        var parser = new UserAgentParser { _text = Bounded(userAgent) };
        parser.Read();
        return parser.Conclude();
    }

    /// <summary>The words that stand within the bound as a whole: half a word is another word, and half a version another version.</summary>
    private static ReadOnlySpan<char> Bounded(ReadOnlySpan<char> userAgent)
        => userAgent.Length <= Longest ? userAgent : userAgent[..Math.Max(0, userAgent[..(Longest + 1)].LastIndexOfAny(Separators))];

    private void Read()
    {
        ReadOnlySpan<char> last = default;
        while (true)
        {
            var word = Next();
            if (word.IsEmpty)
            {
                return;
            }

            while (!word.IsEmpty)
            {
                // Browser/NetFront/3.3: what follows a slash is a version where it begins with a digit, else the next word.
                var slash = word.IndexOfAny('/', ':');
                var name = slash < 0 ? word : word[..slash];
                word = slash < 0 ? default : word[(slash + 1)..];
                Note(name, word, last);
                last = name;
                word = IsVersion(word) && word.IndexOf('/') is var end && end > 0 ? word[(end + 1)..] : IsVersion(word) ? default : word;
            }
        }
    }

    private ReadOnlySpan<char> Next()
    {
        _text = _text.TrimStart(" ;,()[]\"'\t");
        var end = _text.IndexOfAny(Separators);
        var word = end < 0 ? _text : _text[..end];
        _text = _text[word.Length..];
        return word;
    }

    /// <summary>The word after the one that was just read, without reading it.</summary>
    private readonly ReadOnlySpan<char> Peek()
    {
        var rest = _text.TrimStart(' ');
        var end = rest.IndexOfAny(Separators);
        return rest.Length == _text.Length ? default : end < 0 ? rest : rest[..end];
    }

    private void Note(ReadOnlySpan<char> name, ReadOnlySpan<char> version, ReadOnlySpan<char> last)
    {
        if (name is "Version")
        {
            _version = version;
        }
        else if (name is "rv")
        {
            _revision = version;
        }
        else if (name is "OS" && last is "CPU" or "iPhone" && IsVersion(Peek()))
        {
            // CPU OS 16_5 like Mac OS X, CPU iPhone OS 16_5 like Mac OS X
            _systemVersion = Peek();
        }
        else if (name is "X" && last is "OS" && _system?.Name == "macOS" && IsVersion(Peek()))
        {
            _systemVersion = Peek();
        }
        else if (name is "Phone" && last is "Windows")
        {
            _isMobile = true;
            _system = WindowsPhone;
            _systemVersion = Peek() is "OS" ? SecondNext() : Peek();
        }
        else if (IsBot(name))
        {
            _bot = _bot.IsEmpty ? name : _bot;
        }
        else if (name.StartsWith("BlackBerry", StringComparison.Ordinal))
        {
            // BlackBerry7100i/4.1.0: browser, system and device in one word.
            _isMobile = true;
            _system ??= BlackBerrySystem;
            _program ??= BlackBerry;
            _programVersion = _programVersion.IsEmpty ? version : _programVersion;
        }
        else if (UserAgentTable.Find(name) is { } word)
        {
            Note(word, name, version, last);
        }
        else if (name.StartsWith("Nokia", StringComparison.Ordinal))
        {
            _isMobile = true;
            _isNokia = true;
        }
    }

    private void Note(UserAgentWord word, ReadOnlySpan<char> name, ReadOnlySpan<char> version, ReadOnlySpan<char> last)
    {
        _isMobile |= word.Kind == UserAgentWordKind.Device && word.Name == DeviceKinds.Mobile;
        switch (word.Kind)
        {
            // "Opera Mini", "Opera Mobi": the first of the two words is the program, unless the second is there.
            case UserAgentWordKind.Program when word.Name is "Opera Mini" or "Opera Mobile" && last is not "Opera":
                _isMobile |= word.Name == "Opera Mobile";
                break;
            case UserAgentWordKind.Program when word.Rank > (_program?.Rank ?? 0):
                _program = word;
                _programVersion = version.IsEmpty && IsVersion(Peek()) ? Peek() : version;
                _isMobile |= word.Name is "Opera Mini" or "Opera Mobile" || name is "IEMobile" or "FxiOS" or "CriOS";
                break;
            case UserAgentWordKind.System when word.Rank > (_system?.Rank ?? 0):
                _system = word;
                var next = Peek();
                _systemVersion = !version.IsEmpty ? version : next is "NT" ? SecondNext() : IsVersion(next) ? next : default;
                break;
            case UserAgentWordKind.Device when word.Name == DeviceKinds.Bot:
                _bot = _bot.IsEmpty ? name : _bot;
                break;
            // "Tablet PC" is a Windows for pens on any computer.
            case UserAgentWordKind.Device when word.Rank > (_device?.Rank ?? 0) && !(word.Name == DeviceKinds.Tablet && Peek() is "PC"):
                _device = word;
                break;
        }
    }

    private readonly ReadOnlySpan<char> SecondNext()
    {
        var rest = _text.TrimStart(' ')[2..].TrimStart(' ');
        var end = rest.IndexOfAny(Separators);
        return end < 0 ? rest : rest[..end];
    }

    private static bool IsVersion(ReadOnlySpan<char> text) => text.Length > 0 && char.IsAsciiDigit(text[0]);

    /// <summary>Programs that fetch pages by themselves have such words in their names.</summary>
    private static bool IsBot(ReadOnlySpan<char> name)
        => name.Contains("bot", StringComparison.OrdinalIgnoreCase) ? !name.Equals("Cubot", StringComparison.OrdinalIgnoreCase)
            : name.Contains("spider", StringComparison.OrdinalIgnoreCase) || name.Contains("crawl", StringComparison.OrdinalIgnoreCase) || name.Contains("slurp", StringComparison.OrdinalIgnoreCase);

    private readonly UserAgentInfo Conclude()
    {
        var system = _system?.Name;
        var browser = _program?.Name;
        var browserVersion = _programVersion;
        if (browser == "Safari" || (browser == "Opera" && browserVersion is ['9', '.', '8', '0', ..]))
        {
            // Android's own browser calls itself Safari; versions of both stand elsewhere.
            browser = system == "Android" && !_version.IsEmpty ? "Android Browser" : _isNokia ? "Nokia Browser" : system == "BlackBerry OS" ? "BlackBerry" : browser;
            browserVersion = _version.IsEmpty ? browserVersion : _version;
        }
        else if (browser is null && (_isNokia || system is "Symbian OS" or "PlayStation"))
        {
            browser = system == "PlayStation" ? "NetFront" : "Nokia Browser";
        }
        else if (browser is null && system is "iOS")
        {
            browser = "Safari";
            browserVersion = _version;
        }
        else if (_program?.Word == "Trident")
        {
            browserVersion = _revision;
        }

        return new UserAgentInfo(
            _bot.IsEmpty ? browser : _bot.Length <= UserAgentTable.LongestWord ? _bot.ToString() : "Bot",
            Version(browserVersion),
            system,
            Version(_systemVersion),
            Device(system));
    }

    private readonly string? Device(string? system)
    {
        if (!_bot.IsEmpty)
        {
            return DeviceKinds.Bot;
        }

        if (_device is { Rank: > 20 } device)
        {
            return device.Name;
        }

        return system switch
        {
            "PlayStation" or "Nintendo" => DeviceKinds.Console,
            "Roku" or "tvOS" or "webOS" when !_isMobile => DeviceKinds.Tv,
            "iOS" => _system!.Word == "iPad" ? DeviceKinds.Tablet : DeviceKinds.Mobile,
            "Android" => _isMobile ? DeviceKinds.Mobile : DeviceKinds.Tablet,
            "BlackBerry OS" => _system!.Word == "PlayBook" ? DeviceKinds.Tablet : DeviceKinds.Mobile,
            "Windows Phone" or "Symbian OS" or "Series 40" or "KaiOS" or "Bada" or "MeeGo" or "Maemo" or "BREW" => DeviceKinds.Mobile,
            _ when _isMobile => DeviceKinds.Mobile,
            null => null,
            _ => DeviceKinds.Desktop,
        };
    }

    /// <summary>A version as it is written elsewhere, at its digits' end.</summary>
    private static string? Version(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAny(Digits);
        if (start is < 0 or > 2)
        {
            return null;
        }

        text = text[start..];
        var end = text.IndexOfAnyExcept(VersionCharacters);
        text = (end < 0 ? text : text[..end]).TrimEnd("._");
        return text.Length > 32 ? null : text.Contains('_') ? text.ToString().Replace('_', '.') : text.ToString();
    }
}
