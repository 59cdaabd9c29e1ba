using System.Globalization;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>The words after the verb: <c>--name value</c>, <c>--name</c> alone, and at most one word without a name.</summary>
internal sealed class PluginOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public PluginOptions(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                First ??= words[i];
            }
            else if (i + 1 < words.Length && !words[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                _values[words[i][2..]] = words[++i];
            }
            else
            {
                _values[words[i][2..]] = "";
            }
        }
    }

    /// <summary>The word without a name.</summary>
    public string? First { get; }

    /// <summary>The port: <c>--port</c>, else the variable <c>PORT</c>, else 5000.</summary>
    public int Port => Number("port", int.TryParse(Environment.GetEnvironmentVariable("PORT"), CultureInfo.InvariantCulture, out var port) ? port : 5000);

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise)
        => _values.TryGetValue(name, out var text) && text.Length > 0 ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Turns a verb of misbehaviour into the options of the server that it stands for.</summary>
    public PluginOptions WithVerb(string verb)
    {
        switch (verb)
        {
            case "crash":
                _values.TryAdd("crash-after", Text("after") ?? "0");
                break;
            case "slow-start":
                _values.TryAdd("start-delay", Text("after") ?? "1000");
                break;
            case "status-500-then-200":
                _values.TryAdd("bad-status-first", Text("times") ?? "3");
                break;
            case "listen-no-answer":
                _values.TryAdd("no-answer", "");
                break;
            case "half-alive":
                _values.TryAdd("request-code", "500");
                break;
            default:
                break;
        }

        return this;
    }
}
