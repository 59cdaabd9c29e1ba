using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Examples;

/// <summary>
/// Which requests show that the examples of an explanation are right. A request holds the example, the first example of every other required input, and the most common
/// value of every feature (one of its examples, or a neutral value, where none is known), as a status check does. Without an example there is no request. Pure.
/// </summary>
/// <param name="Runs">The requests: the first of every tab, then those for other examples of required inputs, then those of optional ones.</param>
/// <param name="Problems">Why some examples cannot be run, in words.</param>
internal sealed record ExamplePlan(ImmutableArray<ExampleRun> Runs, ImmutableArray<string> Problems)
{
    /// <summary>Plans.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="most">How many requests at most.</param>
    /// <returns>The plan.</returns>
    public static ExamplePlan Of(PluginExplanation explanation, int most)
    {
        var (first, needed, others, problems) = (new List<ExampleRun>(), new List<ExampleRun>(), new List<ExampleRun>(), new List<string>());
        foreach (var (tab, index) in explanation.Tabs.Select((t, i) => (t, i)))
        {
            var inputs = tab.Inputs.Where(i => i.Name != "now").DistinctBy(i => i.Name).ToList();
            if (inputs.FirstOrDefault(i => i is { Required: true, Feature: null, Examples.IsEmpty: true }) is { } without)
            {
                problems.Add($"examples{Where(tab)} cannot be run: the required input \"{Show(without.Name)}\" has no example");
                continue;
            }

            var basis = inputs.Select(i => (Input: i, Value: BasisOf(i))).Where(p => p.Value is not null).ToDictionary(p => p.Input.Name, p => p.Value!.Value, StringComparer.Ordinal);
            var start = Run(index, inputs, basis, needed: true);
            if (start.Examples.Length > 0)
            {
                first.Add(start);
            }

            foreach (var input in inputs)
            {
                foreach (var example in input.Examples.Distinct().Where(e => !basis.TryGetValue(input.Name, out var value) || value != e))
                {
                    var values = new Dictionary<string, RawJson>(basis, StringComparer.Ordinal) { [input.Name] = example };
                    (input.Required ? needed : others).Add(Run(index, inputs, values, input.Required) with { Examples = [new ExampleKey(index, input.Name, example)] });
                }
            }
        }

        return new ExamplePlan([.. first.Concat(needed).Concat(others).Take(most)], [.. problems]);
    }

    /// <summary>Says which examples a run shows, for people.</summary>
    public static string Describe(ExampleRun run, PluginExplanation explanation)
    {
        var tab = explanation.Tabs[run.Tab];
        var examples = run.Examples.Take(3).Select(e => $"\"{Show(e.Input)}\" = {Show(e.Value.ToString())}").ToList();
        var more = run.Examples.Length > 3 ? $" and {run.Examples.Length - 3} more" : "";
        return $"the example {string.Join(" and ", examples)}{more}{Where(tab)}";
    }

    private static string Where(ExplainedTab tab) => tab.Title is null ? "" : $" of \"{Show(tab.Title)}\"";

    private static string Show(string text) => PrintableText.Escape(text, maxLength: 80);

    private static ExampleRun Run(int tab, List<ExplainedInput> inputs, Dictionary<string, RawJson> values, bool needed)
    {
        var body = new StringBuilder("{\"props\":{");
        foreach (var input in inputs.Where(i => values.ContainsKey(i.Name)))
        {
            body.Append(body[^1] == '{' ? "" : ",").Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(input.Name)).Append("\":").Append(values[input.Name].ToString());
        }

        var shown = inputs.Where(i => values.TryGetValue(i.Name, out var value) && i.Examples.Contains(value)).Select(i => new ExampleKey(tab, i.Name, values[i.Name]));
        return new ExampleRun(tab, [.. shown], RawJson.FromText(body.Append("}}").ToString()), needed);
    }

    private static RawJson? BasisOf(ExplainedInput input) => input switch
    {
        { Feature: { } feature } => IsValue(feature.MostCommon) ? feature.MostCommon : input.Examples.IsEmpty ? Neutral(feature) : input.Examples[0],
        { Required: true } => input.Examples[0],
        _ => null,
    };

    private static bool IsValue(RawJson? value) => value is { } known && !known.Utf8.Span.SequenceEqual("null"u8);

    private static RawJson Neutral(FeatureDescriptor feature) => RawJson.FromText(feature.NativeType switch
    {
        NativeType.Boolean => "false",
        NativeType.Integer or NativeType.Float => "0",
        NativeType.Unknown when feature.Kind == "numerical" => "0",
        _ => "\"\"",
    });
}
