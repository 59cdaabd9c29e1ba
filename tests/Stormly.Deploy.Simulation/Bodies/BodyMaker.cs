using System.Text;

namespace Stormly.Deploy.Simulation;

/// <summary>Makes bodies, most of them nearly right: what is plainly nonsense is refused by anybody.</summary>
internal sealed class BodyMaker(ulong seed)
{
    private static readonly string[] Names =
    [
        "user_created", "feature_b", "feature_i", "feature_f", "feature_s", "now", "other", "feature_unknown", "userCreated", "Feature_b", "__proto__", "", "a/b", "a~b", "\\u006eow", "feature\\u005fb", "\\ud83d\\ude00", "é", "\\\"",
    ];

    private static readonly string[] Values =
    [
        "true", "false", "null", "0", "-0", "1", "4.0", "4.5", "1e3", "1E-3", "1e400", "-1e400", "123456789012345678901234567890", "\"\"", "\"NL\"", "\"\\u00e9\"", "\"é\"", "\"\\ud83d\\ude00\"", "[]", "{}", "[1,[2,{\"a\":3}]]", "{\"a\":{\"b\":[]}}", "{\"a\":1,\"a\":2}",
        "NaN", "Infinity", "01", "1.", ".5", "+1", "'x'", "\"\\ud800\"", "\"\\x\"", "\"\n\"", "tru", "", "// x\n1", "{\"a\":1,}", "[1,]", "0x10", "1_000",
    ];

    private readonly SeededRandom _random = new(seed * 0xD1342543DE82EF95); // neighbours must not draw the same numbers, one later

    /// <summary>Makes the next one.</summary>
    public byte[] Next()
    {
        var kind = _random.Next(100);
        if (kind < 3)
        {
            return [.. Enumerable.Range(0, _random.Next(60)).Select(_ => (byte)_random.Next(256))];
        }

        if (kind < 5)
        {
            var depth = 55 + _random.Next(20);
            return Encoding.UTF8.GetBytes("{\"props\":{\"user_created\":1,\"feature_b\":true,\"x\":" + new string('[', depth) + new string(']', _random.Next(8) == 0 ? depth - 1 : depth) + "}}");
        }

        if (kind == 5)
        {
            return Encoding.UTF8.GetBytes("{\"props\":{\"user_created\":1,\"feature_b\":true,\"x\":\"" + new string('x', BodyCampaign.MaxBodyBytes - 100 + _random.Next(200)) + "\"}}");
        }

        var body = Encoding.UTF8.GetBytes(Object());
        return kind < 30 ? Damage(body) : body;
    }

    private string Object()
    {
        if (_random.Next(30) == 0)
        {
            return Pick(Values);
        }

        var members = new List<string>();
        if (_random.Next(20) != 0)
        {
            members.Add($"{Name("props")}{Space()}:{(_random.Next(25) == 0 ? Pick(Values) : Props())}");
        }

        if (_random.Next(6) == 0)
        {
            members.Add($"\"context\":{(_random.Next(4) == 0 ? Pick(Values) : "{\"address\":\"192.0.2.1\"}")}");
        }

        if (_random.Next(15) == 0)
        {
            members.Insert(_random.Next(members.Count + 1), $"\"{Pick(Names)}\":{Good()}");
        }

        return $"{Space()}{{{Space()}{string.Join(Space() + "," + Space(), members)}{Space()}}}{Space()}";
    }

    private string Props()
    {
        var members = new List<string>();
        foreach (var (name, type, required) in BodyCampaign.Inputs)
        {
            if (_random.Next(required ? 12 : 2) != 0)
            {
                members.Add($"{Name(name)}:{Space()}{(_random.Next(10) == 0 ? Pick(Values) : Right(type))}");
            }
        }

        for (var i = _random.Next(4); i > 0; i--)
        {
            members.Insert(_random.Next(members.Count + 1), $"\"{Pick(Names)}\"{Space()}:{Good()}");
        }

        return $"{{{Space()}{string.Join(",", members)}{Space()}}}";
    }

    private string Right(string type) => type switch
    {
        "boolean" => _random.Next(2) == 0 ? "true" : "false",
        "integer" => Pick(["0", "7", "-3", "4.0", "1e2"]),
        "float" => Pick(["0", "7.25", "-3e-2", "1e300"]),
        "string" => Pick(["\"NL\"", "\"\"", "\"\\u0041\"", "\"ü\""]),
        _ => Good(),
    };

    private string Good() => Values[_random.Next(_random.Next(8) == 0 ? Values.Length : 22)];

    /// <summary>A name, now and then written with an escape.</summary>
    private string Name(string name) => _random.Next(20) == 0 ? $"\"\\u{(int)name[0]:x4}{name[1..]}\"" : $"\"{name}\"";

    private string Space() => _random.Next(6) == 0 ? Pick([" ", "\n", "\t", "\r\n ", "  "]) : "";

    private byte[] Damage(byte[] body)
    {
        var bytes = body.ToList();
        for (var i = 1 + _random.Next(3); i > 0 && bytes.Count > 0; i--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(5))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                case 2:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, bytes.Slice(at, Math.Min(bytes.Count - at, 1 + _random.Next(20))));
                    break;
            }
        }

        return [.. bytes];
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
