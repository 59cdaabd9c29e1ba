using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Explain;

/// <summary>Reads one tab and adds the features that it does not describe.</summary>
internal sealed class TabReader(string pointer, ImmutableArray<FeatureDescriptor> features, ProblemList problems)
{
    private static readonly string[] TabKeys = ["output", "inputs"];
    private static readonly string[] InputKeys = ["required", "importance", "explanation", "examples"];

    private readonly Dictionary<string, FeatureDescriptor> _features = features.DistinctBy(f => f.Key).ToDictionary(f => f.Key, StringComparer.Ordinal);

    /// <summary>A tab that says what the manifest says.</summary>
    public ExplainedTab Empty() => new() { Inputs = [.. features.Select(Added)] };

    /// <summary>Reads a tab.</summary>
    public ExplainedTab Read(string? title, RawJson tab)
    {
        var members = new ExplainMembers(pointer, tab, problems);
        members.WarnUnknown(TabKeys);
        return new ExplainedTab { Title = title, Outputs = ReadOutputs(members.Find("output")), Inputs = ReadInputs(members.Find("inputs")) };
    }

    private ImmutableArray<RawJson> ReadOutputs(RawJson? output)
    {
        if (output is not { } value)
        {
            return [];
        }

        var place = $"{pointer}/output";
        if (RawToken.KindOf(value) != JsonTokenType.StartObject)
        {
            return ExplainMembers.Examples(value, place, problems);
        }

        var members = new ExplainMembers(place, value, problems);
        if (members.Find("examples") is not null)
        {
            return members.Examples("examples");
        }

        problems.Warning(place, "must be an array of example responses, or an object with examples", "Write [{\"score\": 0.9}]. It is left out.", value.Utf8.Span);
        return [];
    }

    private ImmutableArray<ExplainedInput> ReadInputs(RawJson? inputs)
    {
        var all = ImmutableArray.CreateBuilder<ExplainedInput>();
        var described = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in InputMembers(inputs))
        {
            described.Add(name);
            all.Add(ReadInput(name, value));
        }

        all.AddRange(features.Where(f => !described.Contains(f.Key)).Select(Added));
        return all.DrainToImmutable();
    }

    private IEnumerable<(string Name, RawJson Value)> InputMembers(RawJson? inputs)
    {
        if (inputs is not { } value)
        {
            return [];
        }

        if (RawToken.KindOf(value) != JsonTokenType.StartObject)
        {
            problems.Warning($"{pointer}/inputs", "must be an object: name and description of each input", "Write {\"user_created\": {...}}. It is left out.", value.Utf8.Span);
            return [];
        }

        var members = RawToken.Members(value);
        if (members.Count > ExplainLimits.MaxInputs)
        {
            problems.Warning($"{pointer}/inputs", $"must have at most {ExplainLimits.MaxInputs} inputs, this has {members.Count}", "The rest is left out.");
        }

        return members.Take(ExplainLimits.MaxInputs);
    }

    private ExplainedInput ReadInput(string name, RawJson value)
    {
        var place = $"{pointer}/inputs{JsonPath.Member(name)}";
        var input = _features.TryGetValue(name, out var feature) ? Added(feature) : new ExplainedInput { Name = name, Required = true };
        if (RawToken.KindOf(value) != JsonTokenType.StartObject)
        {
            if (RawToken.KindOf(value) != JsonTokenType.Null)
            {
                problems.Warning(place, "must be an object that describes the input", "Write {\"explanation\": \"...\"}. The description is left out.", value.Utf8.Span);
            }

            return input;
        }

        var members = new ExplainMembers(place, value, problems);
        members.WarnUnknown(InputKeys);
        var examples = members.Examples("examples");
        return input with
        {
            Required = members.Flag("required") ?? true,
            Importance = members.Share("importance"),
            Explanation = members.Text("explanation", ExplainLimits.MaxExplanation) ?? input.Explanation,
            Examples = examples.IsEmpty ? input.Examples : examples,
            ExamplesFrom = examples.IsEmpty ? input.ExamplesFrom : FeatureValueSource.None,
        };
    }

    private static ExplainedInput Added(FeatureDescriptor feature) => new()
    {
        Name = feature.Key,
        Required = true,
        Explanation = FeatureWords.Explain(feature),
        Examples = feature.Examples,
        ExamplesFrom = feature.ExamplesFrom,
        Feature = feature,
    };
}
