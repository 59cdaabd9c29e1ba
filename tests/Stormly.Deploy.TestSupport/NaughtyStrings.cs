using System.Collections.Immutable;
using System.Text.Json;

namespace Stormly.Deploy.TestSupport;

/// <summary>Texts that break what is careless: markup, Markdown, headers, shells, JSON, invisible and mistakable characters, long runs. Written for this project.</summary>
public static class NaughtyStrings
{
    /// <summary>All of them; none twice. The last ones hold half surrogate pairs, which no JSON file can hold.</summary>
    public static ImmutableArray<string> All { get; } = [.. Load(), "\ud800", "\udfff", "x\ud83d"];

    private static string[] Load()
    {
        using var file = typeof(NaughtyStrings).Assembly.GetManifestResourceStream("naughty.json")!;
        return JsonSerializer.Deserialize<string[]>(file)!;
    }
}
