using System.Globalization;
using System.Text;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Documents;

/// <summary>Writes a description as Markdown, for coding agents and for people at a terminal: everything that is needed to write a call that works.</summary>
internal sealed class MarkdownDocument(PluginDescription description, PluginAddress address)
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes it all.</summary>
    /// <returns>The document.</returns>
    public string Write()
    {
        WriteHead();
        var tabs = description.Explanation.Tabs;
        for (var i = 0; i < tabs.Length; i++)
        {
            if (tabs.Length > 1)
            {
                Line($"## {(tabs[i].Title is { } title ? MarkdownText.Prose(title) : string.Create(CultureInfo.InvariantCulture, $"Tab {i + 1}"))}");
            }

            WriteTab(tabs[i], i, tabs.Length > 1 ? "###" : "##");
        }

        WriteErrors();
        return _text.ToString();
    }

    private void WriteHead()
    {
        var path = address.FullPath;
        Line($"# {description.Plugin.Value}");
        Line($"`POST {path}` with `Content-Type: application/json`. The body is `{{\"props\": {{…}}}}`; the answer is JSON. Do not send `now`: the time of the request is added.");
        if (description.Explanation.Tabs.Length > 1)
        {
            Line("There are several ways to call it, one below each heading. A request must hold what one of them requires.");
        }

        Line($"The same for programs: `{path}/{PluginDocuments.OpenApiName}` (OpenAPI 3.1), `{path}/{PluginDocuments.RequestSchemaName}` (JSON Schema of the body), "
            + $"`{path}/{PluginDocuments.ExplanationName}` (all that is known). This is revision `{description.Revision.Short}`.");
    }

    private void WriteTab(ExplainedTab tab, int index, string level)
    {
        WriteOutputs(tab, level);
        var rules = InputRule.Of(tab, description.Features);
        WriteInputs($"{level} You supply", rules.Where(r => r.Input.Required), index);
        WriteInputs($"{level} Optional, makes the answer better", rules.Where(r => r.Input is { Required: false, Source: InputSource.Caller }), index);
        WriteInputs($"{level} Detected for you where you do not send it", rules.Where(r => !r.Input.Required && r.Input.Source != InputSource.Caller), index);
        Line($"{level} Example");
        Line("`SERVER` is the scheme and host of the application, e.g. `https://example.com`.");
        var body = ShownJson.Line(RequestExample.Least(tab, description.Features)).Replace("'", "\\u0027", StringComparison.Ordinal);
        var path = address.FullPath.Replace("'", "%27", StringComparison.Ordinal);
        Line(MarkdownText.Fence("sh", $"curl -H 'Content-Type: application/json' \"$SERVER\"'{path}' -d '{body}'").TrimEnd('\n'));
        if (RequestExample.Most(tab, description.Features) is { } most)
        {
            Line("With everything that can be sent:");
            Line(MarkdownText.Fence("json", ShownJson.Lines(most)).TrimEnd('\n'));
        }
    }

    private void WriteOutputs(ExplainedTab tab, string level)
    {
        Line($"{level} What comes back");
        var outputs = tab.Outputs;
        if (outputs.IsEmpty && description.LastAnswer is { } last)
        {
            outputs = [last];
            Line("The plugin gives no examples. This is the last real answer that was kept:");
        }
        else if (outputs.IsEmpty)
        {
            Line("An object or an array. The plugin gives no examples.");
        }

        foreach (var output in outputs)
        {
            Line(MarkdownText.Fence("json", ShownJson.Lines(output)).TrimEnd('\n'));
        }
    }

    private void WriteInputs(string heading, IEnumerable<InputRule> rules, int tab)
    {
        var sorted = rules.OrderByDescending(r => r.Input.Importance ?? -1).ToList();
        if (sorted.Count == 0)
        {
            return;
        }

        Line(heading);
        foreach (var rule in sorted)
        {
            WriteInput(rule, tab);
        }

        _text.Append('\n');
    }

    private void WriteInput(InputRule rule, int tab)
    {
        var input = rule.Input;
        var names = SchemaWords.NamesOf(rule.Kinds & ~JsonKinds.Null);
        var type = names.Count is 0 or > 4 ? "any value" : string.Join(" or ", names);
        _text.Append(CultureInfo.InvariantCulture, $"- {MarkdownText.Name(input.Name)} ({type}");
        if (input.Importance is { } importance)
        {
            _text.Append(CultureInfo.InvariantCulture, $", importance {importance:0.##}");
        }

        _text.Append(')');
        if (!string.IsNullOrWhiteSpace(input.Explanation))
        {
            _text.Append(": ").Append(MarkdownText.Prose(input.Explanation));
        }

        _text.Append('\n');
        if (!input.Examples.IsEmpty)
        {
            _text.Append("  - Examples: ").AppendJoin(", ", input.Examples.Select((e, i) => Example(e, Find(tab, input.Name, i)))).Append('\n');
        }
    }

    private static string Example(RawJson example, ExampleVerification? run)
    {
        var code = MarkdownText.Code(ShownJson.Line(example).Trim());
        return run switch
        {
            null => code,
            { Passed: true } => string.Create(CultureInfo.InvariantCulture, $"{code} (worked {run.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {run.Took.TotalMilliseconds:0} ms)"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{code} (failed {run.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {MarkdownText.Prose(run.Detail ?? "no reason given")})"),
        };
    }

    private ExampleVerification? Find(int tab, string input, int example)
        => description.Verifications.FirstOrDefault(v => v.Tab == tab && v.Example == example && v.Input == input);

    private void WriteErrors()
    {
        Line("## When it goes wrong");
        Line("The answer is `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, `plugin` and `traceId`.");
        foreach (var error in AnswerTable.Errors)
        {
            _text.Append(CultureInfo.InvariantCulture, $"- {error.Status}: {error.Meaning}\n");
        }
    }

    /// <summary>A paragraph, a heading or a block, with an empty line behind it.</summary>
    private void Line(string text) => _text.Append(text).Append("\n\n");
}
