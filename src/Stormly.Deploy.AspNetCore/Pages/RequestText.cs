using System.Text;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Writes the body of a request as a person would: on one line where it is short, else one line for each input. The page's script does the same.</summary>
internal static class RequestText
{
    private const int LongestLine = 64;

    /// <summary>Writes a body.</summary>
    /// <param name="props">Names and values; a value is JSON text and stays as it is.</param>
    /// <returns>The body.</returns>
    public static string Write(IEnumerable<KeyValuePair<string, string>> props)
    {
        var members = props.Select(p => $"{SafeJson.Quote(p.Key)}: {SafeJson.Show(p.Value)}").ToList();
        var line = $"{{\"props\": {{{string.Join(", ", members)}}}}}";
        if (line.Length <= LongestLine && !line.Contains('\n', StringComparison.Ordinal))
        {
            return line;
        }

        var text = new StringBuilder("{\n  \"props\": {\n");
        for (var i = 0; i < members.Count; i++)
        {
            text.Append("    ").Append(members[i]).Append(i < members.Count - 1 ? ",\n" : "\n");
        }

        return text.Append("  }\n}").ToString();
    }
}
