using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>
/// Merges the <c>http</c> objects of a plugin's stages, shallowly and in the order in which the stages ran: a later key replaces an earlier one whole, a later null
/// removes it, an unknown key is kept and warned about. Every key remembers its stage and those that it overrode.
/// </summary>
public static class HttpSpecMerge
{
    /// <summary>How problems name what no single stage is to blame for.</summary>
    public const string MergedStage = "merged";

    /// <summary>Merges and checks; finds every problem, not only the first.</summary>
    /// <param name="results">The stages' results in the order in which the stages ran.</param>
    /// <returns>The merged object or the reasons why there is none. A bad value that a later stage replaced is a warning only.</returns>
    public static HttpSpecReading Merge(IReadOnlyList<StageResult> results)
    {
        var problems = new ProblemList(MergedStage, origin: null);
        var keys = new MergedKeys();
        var deployable = false;
        foreach (var result in results)
        {
            if (result.Http is { } http)
            {
                deployable = true;
                AddStage(keys, result, http, problems);
            }
        }

        if (!deployable)
        {
            problems.Error(
                "/http",
                "is not deployable: no stage's result has an object http",
                "Let one stage write {\"http\": {\"port\": ..., \"statusPath\": ..., \"requestPath\": ..., \"startServerCmd\": ...}}.");
            return new HttpSpecReading(null, [], problems.ToImmutable());
        }

        return Check(keys, problems);
    }

    private static void AddStage(MergedKeys keys, StageResult result, RawJson http, ProblemList problems)
    {
        if (http.Utf8.Span[0] == '{')
        {
            keys.Add(result, http);
            return;
        }

        Blame(problems, ProblemSeverity.Error, result, "/http", "must be an object", "Write {\"port\": 5000, ...}, or leave it out.", http);
    }

    private static HttpSpecReading Check(MergedKeys keys, ProblemList problems)
    {
        foreach (var key in keys.Keys)
        {
            CheckOverridden(key, problems);
            CheckFinal(key, problems);
        }

        foreach (var (name, example) in HttpKeys.Required)
        {
            RequireKey(keys.Find(name), name, example, problems);
        }

        var values = keys.ToValues();
        return new HttpSpecReading(problems.HasErrors ? null : HttpSpecBuilder.Build(keys, values), values, problems.ToImmutable());
    }

    private static void CheckFinal(MergedKey key, ProblemList problems)
    {
        if (key.Value is not { } value)
        {
            return;
        }

        if (HttpRules.FindProblem(key.Name, value) is var (rule, remedy))
        {
            Blame(problems, ProblemSeverity.Error, key.Stage, PointerOf(key), rule, remedy, value);
        }
        else if (!HttpKeys.All.Contains(key.Name))
        {
            var hint = NearMiss.Hint(key.Name.Replace("command", "cmd", StringComparison.OrdinalIgnoreCase), HttpKeys.All);
            Blame(problems, ProblemSeverity.Warning, key.Stage, PointerOf(key), "is not a known key; it is kept but means nothing", hint, value);
        }
    }

    private static void CheckOverridden(MergedKey key, ProblemList problems)
    {
        foreach (var (stage, earlier) in key.Earlier)
        {
            if (earlier is { } value && HttpRules.FindProblem(key.Name, value) is var (rule, _))
            {
                var remedy = $"Nothing to do: stage {PrintableText.Escape(key.Stage.Stage)} replaces the value.";
                Blame(problems, ProblemSeverity.Warning, stage, PointerOf(key), rule, remedy, value);
            }
        }
    }

    private static void RequireKey(MergedKey? key, string name, string example, ProblemList problems)
    {
        if (key is null)
        {
            problems.Error($"/http/{name}", "must be there after the merge, but no stage gives it", $"Let a stage write {example}.");
        }
        else if (key.Value is null)
        {
            const string Rule = "must be there after the merge, but its last value is null, which removes it";
            Blame(problems, ProblemSeverity.Error, key.Stage, PointerOf(key), Rule, $"Write {example}, or leave the key out to keep the earlier value.", RawJson.FromText("null"));
        }
    }

    private static string PointerOf(MergedKey key) => "/http" + JsonPath.Member(key.Name);

    private static void Blame(ProblemList problems, ProblemSeverity severity, StageResult stage, string pointer, string rule, string remedy, RawJson value)
        => problems.Add(severity, pointer, rule, remedy, value.Utf8.Span, blamed: (stage.Stage, stage.Origin));
}
