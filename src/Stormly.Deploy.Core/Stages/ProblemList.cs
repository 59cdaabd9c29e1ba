using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>Gathers the problems of one document. What is listed is bounded, so that a hostile document cannot fill memory; the rest is counted and said.</summary>
internal sealed class ProblemList(string stage, string? origin)
{
    /// <summary>The most errors, and the most warnings, that are listed one by one.</summary>
    internal const int MaxListed = 50;

    private const int MaxStageLength = 80;

    private readonly List<SpecProblem> _problems = [];
    private int _errors;
    private int _warnings;

    /// <summary>Whether anything stops the deployment.</summary>
    public bool HasErrors => _errors > 0;

    /// <summary>Whether another problem of this weight would only be counted: then its place need not be worked out.</summary>
    public bool IsFull(ProblemSeverity severity) => (severity == ProblemSeverity.Error ? _errors : _warnings) >= MaxListed;

    /// <summary>Counts a problem without listing it.</summary>
    public void Count(ProblemSeverity severity) => _ = severity == ProblemSeverity.Error ? _errors++ : _warnings++;

    /// <summary>Adds what stops a deployment.</summary>
    public void Error(string pointer, string rule, string remedy, ReadOnlySpan<byte> value = default, (long Line, long Column)? position = null)
        => Add(ProblemSeverity.Error, pointer, rule, remedy, value, position);

    /// <summary>Adds what is worth knowing.</summary>
    public void Warning(string pointer, string rule, string remedy, ReadOnlySpan<byte> value = default, (long Line, long Column)? position = null)
        => Add(ProblemSeverity.Warning, pointer, rule, remedy, value, position);

    /// <summary>Adds a problem of a given weight, blaming another stage than the list's own where one is named.</summary>
    public void Add(
        ProblemSeverity severity,
        string pointer,
        string rule,
        string remedy,
        ReadOnlySpan<byte> value = default,
        (long Line, long Column)? position = null,
        (string Stage, string? Origin)? blamed = null)
    {
        if (IsFull(severity))
        {
            Count(severity);
            return;
        }

        Count(severity);
        _problems.Add(new SpecProblem
        {
            Severity = severity,
            Stage = PrintableText.Escape(blamed?.Stage ?? stage, maxLength: MaxStageLength),
            Origin = (blamed is { } b ? b.Origin : origin) is { } from ? PrintableText.Escape(from) : null,
            Pointer = pointer,
            Position = position,
            Value = value.IsEmpty ? null : JsonText.Show(value),
            Rule = rule,
            Remedy = remedy,
        });
    }

    /// <summary>The problems in the order in which they were found, and how many more there are.</summary>
    public ImmutableArray<SpecProblem> ToImmutable()
    {
        var hidden = Math.Max(0, _errors - MaxListed) + Math.Max(0, _warnings - MaxListed);
        if (hidden == 0)
        {
            return [.. _problems];
        }

        var more = new SpecProblem
        {
            Severity = _errors > MaxListed ? ProblemSeverity.Error : ProblemSeverity.Warning,
            Stage = PrintableText.Escape(stage, maxLength: MaxStageLength),
            Origin = origin is null ? null : PrintableText.Escape(origin),
            Pointer = "",
            Rule = string.Create(CultureInfo.InvariantCulture, $"has {hidden} more problems like these"),
            Remedy = "Mend the ones above first.",
        };
        return [.. _problems, more];
    }

}
