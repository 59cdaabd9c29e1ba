using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>A decision as it stands in a journal.</summary>
internal sealed record StoredDecision
{
    public required long Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Kind { get; init; }

    public required string Subject { get; init; }

    public required string What { get; init; }

    public required string Why { get; init; }

    public string? Formula { get; init; }

    public string? Chosen { get; init; }

    public string? Rejected { get; init; }

    /// <summary>Name and value of each input.</summary>
    public List<string[]>? Inputs { get; init; }

    public static StoredDecision Of(DecisionRecord decision) => new()
    {
        Seq = decision.Sequence,
        At = decision.At,
        Kind = decision.Kind.ToString(),
        Subject = decision.Subject,
        What = decision.What,
        Why = decision.Why,
        Formula = decision.Basis?.Formula,
        Chosen = decision.Basis?.Chosen,
        Rejected = decision.Basis?.Rejected,
        Inputs = decision.Basis is { Inputs.IsEmpty: false } basis ? [.. basis.Inputs.Select(i => new[] { i.Name, i.Value })] : null,
    };

    /// <summary>The decision again; null for one of a kind that only a newer version knows.</summary>
    public DecisionRecord? ToRecord(PluginName plugin) => !Enum.TryParse<DecisionKind>(Kind, out var kind) || !Enum.IsDefined(kind) ? null : new DecisionRecord(Seq, At, plugin, kind, Subject, What, Why)
    {
        Basis = Formula is null || Chosen is null ? null : new DecisionBasis(Formula, Chosen, Rejected)
        {
            Inputs = Inputs is null ? [] : [.. Inputs.Select(i => i is [var name, var value] ? new DecisionInput(name, value) : throw new FormatException("an input of a decision has no name or no value"))],
        },
    };
}
