using System.Globalization;
using System.Text.Json;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// Decides by itself what the right answer to a body is, with the framework's document model and nothing of the library's: which places are wrong, or what the
/// plugin must get.
/// </summary>
internal static class BodyOracle
{
    /// <summary>Decides.</summary>
    /// <param name="body">What a caller sent.</param>
    /// <returns>The right answer.</returns>
    public static BodyAnswer Decide(byte[] body)
    {
        if (body.Length > BodyCampaign.MaxBodyBytes)
        {
            return BodyAnswer.TooLarge;
        }

        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = BodyCampaign.MaxDepth });
            Visit(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Decide(document.RootElement) : BodyAnswer.Refused([""]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return BodyAnswer.NotJson;
        }
    }

    private static BodyAnswer Decide(JsonElement root)
    {
        var wrong = new List<string>();
        var repeated = HasRepeated(root);
        JsonElement? props = null;
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "props":
                    props ??= member.Value;
                    break;
                case "context":
                    wrong.AddRange(member.Value.ValueKind == JsonValueKind.Object ? Array.Empty<string>() : ["/context"]);
                    break;
                default:
                    wrong.Add("/" + Escape(member.Name));
                    break;
            }
        }

        if (props is { ValueKind: not JsonValueKind.Object })
        {
            wrong.Add("/props");
        }
        else
        {
            wrong.AddRange(props is null ? ["/props"] : Array.Empty<string>());
            wrong.AddRange(CheckInputs(props));
            if (props is null && wrong.All(w => w == "/props"))
            {
                // Where nothing is required, props may be missing.
                wrong.Clear();
            }
        }

        return repeated ? BodyAnswer.Repeated : wrong.Count > 0 ? BodyAnswer.Refused(wrong) : BodyAnswer.Accepted(Passed(props));
    }

    private static IEnumerable<string> CheckInputs(JsonElement? props)
    {
        foreach (var (name, type, required) in BodyCampaign.Inputs)
        {
            var value = props is { } p && p.TryGetProperty(name, out var sent) ? sent : default;
            if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            {
                if (required)
                {
                    yield return "/props/" + name;
                }
            }
            else if (!Fits(type, value))
            {
                yield return "/props/" + name;
            }
        }
    }

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "float" => value.ValueKind == JsonValueKind.Number && double.IsFinite(Number(value)),
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(Number(value)),
        _ => true,
    };

    private static double Number(JsonElement value) => double.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static List<(string Name, string Value)> Passed(JsonElement? props)
        => props is { } p ? [.. p.EnumerateObject().Where(m => m.Name != "now").Select(m => (m.Name, m.Value.GetRawText()))] : [];

    /// <summary>Looks at every text, because the document model decodes a text only when it is asked for.</summary>
    private static void Visit(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Visit(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }

    private static bool HasRepeated(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().GroupBy(m => m.Name, StringComparer.Ordinal).Any(g => g.Count() > 1) || element.EnumerateObject().Any(m => HasRepeated(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasRepeated),
        _ => false,
    };

    /// <summary>A name in a pointer, with what cannot be printed shown as an escape.</summary>
    private static string Escape(string name)
        => string.Concat(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal).Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
