using System.Text;
using System.Text.Json;

namespace Stormly.Deploy.AspNetCore;

/// <summary>What the plugins of these tests say of themselves.</summary>
internal static class PluginTexts
{
    /// <summary>Letters with two hundred accents each, which flow over their neighbours where nothing holds them.</summary>
    public static readonly string Zalgo = string.Concat("Zalgo".Select(c => c + string.Concat(Enumerable.Range(0, 200).Select(i => (char)(0x300 + (i % 0x50))))));

    public static string Manifest { get; } = Read("churn.manifest.json");

    public static string Explain { get; } = Read("churn.explain.json");

    public static string Tabs { get; } = Read("tabs.explain.json");

    public static string EmptyManifest => """{"stage":"initial","metadata":{"features":{}}}""";

    /// <summary>Texts that break pages which do not expect them.</summary>
    public static IReadOnlyList<string> Naughty { get; } =
    [
        "<script>document.title = 'owned'</script>",
        "\"><img src=x onerror=\"document.title='owned'\">",
        "'><svg/onload=document.title='owned'>",
        "javascript:document.title='owned'",
        "</textarea><script>document.title='owned'</script>",
        "</script><script>document.title='owned'</script>",
        "{{constructor.constructor('document.title=1')()}} ${document.title} #{1} %0d%0aSet-Cookie:x <!-- ]]> &lt;b&gt; &#x202e;",
        "\u202Egnp.exe\u2066 turned \u200F\u200E\u2069 round",
        "zero\u200Bwidth\uFEFFand\u00ADsoft\u2028lines\u2029end",
        new string('W', 500),
        Zalgo,
        "مرحبا بالعالم, שלום, 你好, 👩‍👩‍👧‍👦 ﷽﷽﷽",
        "quotes ' \" ` ''' \"\"\" ``` \\ \\' $(id) `id` ${x} <?php ?> JSON; $body {0} %s",
    ];

    /// <summary>Every text of a plugin is one of the naughty ones.</summary>
    public static string Hostile { get; } = JsonSerializer.Serialize(Naughty.Take(4).Select((title, t) => new
    {
        title,
        @params = new
        {
            output = Naughty.Select(n => new Dictionary<string, string> { [n] = n }),
            inputs = Naughty.Select((n, i) => (n, i)).ToDictionary(
                p => p.n, p => new { required = p.i % 2 == t % 2, importance = p.i / 13.0, explanation = p.n, examples = Naughty }, StringComparer.Ordinal),
        },
    }));

    /// <summary>An explanation of about a megabyte: many inputs, long texts, large examples.</summary>
    public static string Large(int inputs, int tabs, int megabytes)
    {
        var each = megabytes * 1_000_000 / inputs;
        var text = new StringBuilder(tabs == 1 ? "" : "[");
        for (var t = 0; t < tabs; t++)
        {
            text.Append(t == 0 ? "" : ",").Append(tabs == 1 ? "" : $$"""{"title":"Tab number {{t}}","params":""").Append("{\"output\":[{\"score\":1}],\"inputs\":{");
            for (var i = 0; i < inputs; i++)
            {
                text.Append(i == 0 ? "" : ",").Append($"\"input_{i}\":{{\"required\":{(i % 3 == 0 ? "true" : "false")},\"importance\":0.5,\"explanation\":\"")
                    .Append(string.Concat(Enumerable.Repeat("words ", each / 12))).Append("\",\"examples\":[\"").Append('x', each / 2).Append("\"]}");
            }

            text.Append("}}").Append(tabs == 1 ? "" : "}");
        }

        return text.Append(tabs == 1 ? "" : "]").ToString();
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PluginTexts).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
