using System.Collections.Immutable;

namespace Stormly.Deploy.Scaling;

/// <summary>The greatest answer of the newest ticks.</summary>
internal sealed record AnswerWindow
{
    public static readonly AnswerWindow Empty = new();

    private ImmutableArray<(long Tick, int Value)> Answers { get; init; } = [];

    /// <summary>The greatest answer that counts; meaningless while there is none.</summary>
    public int Greatest => Answers.Max(a => a.Value);

    /// <summary>Adds an answer and forgets those that are too old.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="value">The answer.</param>
    /// <param name="delay">How far back answers count.</param>
    /// <param name="tick">How often there is one.</param>
    /// <returns>The window with it.</returns>
    public AnswerWindow Record(TimeSpan now, int value, TimeSpan delay, TimeSpan tick)
    {
        var length = (long)Math.Ceiling(delay / tick);
        var index = (long)Math.Floor(now / tick);
        return new() { Answers = [.. Answers.Where(a => index - a.Tick < length && a.Value > value), (index, value)] };
    }

    public bool Equals(AnswerWindow? other) => other is not null && Answers.SequenceEqual(other.Answers);

    public override int GetHashCode() => Answers.Length;
}
