namespace Stormly.Deploy.Simulation;

/// <summary>The right answer to a body.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Wrong">The places that are wrong, sorted, for <see cref="BodyAnswerKind.Refused"/>.</param>
/// <param name="Props">What the plugin gets beside <c>now</c>, for <see cref="BodyAnswerKind.Accepted"/>.</param>
internal sealed record BodyAnswer(BodyAnswerKind Kind, IReadOnlyList<string> Wrong, IReadOnlyList<(string Name, string Value)> Props)
{
    public static BodyAnswer TooLarge { get; } = new(BodyAnswerKind.TooLarge, [], []);

    public static BodyAnswer NotJson { get; } = new(BodyAnswerKind.NotJson, [], []);

    public static BodyAnswer Repeated { get; } = new(BodyAnswerKind.Repeated, [], []);

    public static BodyAnswer Refused(IEnumerable<string> wrong) => new(BodyAnswerKind.Refused, [.. wrong.Order(StringComparer.Ordinal)], []);

    public static BodyAnswer Accepted(IReadOnlyList<(string, string)> props) => new(BodyAnswerKind.Accepted, [], props);
}
